"""Real messages and documents, the input of the fuzzers."""

from __future__ import annotations

from pathlib import Path

from unit.documents import dialog, document
from unit.peer import CHALLENGE, OK
from unit.wire import answer_text, notify_text

TESTS = Path(__file__).parents[1]
STATUS_LINES = (
    "200 OK", "401 Unauthorized", "407 Proxy Authentication Required", "423 Interval Too Brief",
    "481 Subscription Does Not Exist", "503 Service Unavailable", "100 Trying",
)  # fmt: skip
STATES = ("active;expires=300", "terminated;reason=timeout", "pending", "terminated")
CHALLENGES = (
    'Digest realm="pbx.test", nonce="n1", qop="auth,auth-int", algorithm=SHA-256, opaque="x"',
    'Digest realm="pbx.test",nonce="n2",stale=true,algorithm=MD5-sess',
)


def documents() -> list[str]:
    """Return dialog-info documents of Kamailio and of the vendor, full and partial."""
    recorded = [
        path.read_bytes().decode() for path in sorted((TESTS / "unit" / "data").glob("*.xml"))
    ]
    legs = [dialog(f"143-{n}", state, hold=n == 2, start="1432310571", code="200", event="replaced")
            for n, state in enumerate(("Trying", "early", "confirmed", "terminated"))]  # fmt: skip
    return [
        *recorded,
        document(1, *legs),
        document(2, legs[0], full=False),
        document(3, full=False),
        document(2**40, *legs * 20),
    ]


def torture() -> dict[str, bytes]:
    """Return the messages of RFC 4475 by name."""
    folder = Path(__file__).with_name("rfc4475")
    return {path.stem: path.read_bytes() for path in sorted(folder.glob("*.dat"))}


def recorded_messages() -> list[bytes]:
    """Return the messages of Kamailio and of a page from two recordings."""
    texts = []
    for name in ("a_subscribe", "b_call"):
        data = (TESTS / "interop" / "traces" / f"{name}.txt").read_bytes()
        blocks = data.split(b"=====")
        texts += [block.partition(b"\n")[2].removesuffix(b"\n") for block in blocks if block]
    return sorted({text for text in texts if text.startswith((b"SIP/2.0", b"NOTIFY"))})


def conversation(asked: str, cseq: int, body: str, state: str, line: str) -> list[bytes]:
    """Return a NOTIFY, a response and an OPTIONS that belong to the SUBSCRIBE ``asked``."""
    notify = notify_text(asked, cseq, state, body, "Contact: <sip:server.test;transport=ws>")
    extras = (*OK, "Retry-After: 5", "Min-Expires: 60", CHALLENGE, "Record-Route: <sip:p;lr>")
    options = notify.replace("NOTIFY", "OPTIONS")
    return [text.encode() for text in (notify, answer_text(asked, line, *extras), options)]
