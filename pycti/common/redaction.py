"""Keeps secrets out of what is shown: log lines, errors, events.

Servers echo what they were sent, so their words are cleaned before they become an error's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

HIDDEN = "[hidden]"
"""Stands where a secret stood."""

_NAMES = (
    r"(?:sip_?)?password|passwd|(?:user_|access_|x-auth-)?token|(?:next|c)?nonce|opaque|response|"
    r"rspauth|api_?key|secret|(?:proxy-)?authorization"
)
_PATTERNS = (
    # Credentials and challenges: RFC 9110 §11.4, RFC 3261 §20.7.
    (re.compile(r"\b(digest|basic|bearer)\s+[^\r\n]+", re.IGNORECASE), rf"\1 {HIDDEN}"),
    # name=value, name: value, "name": "value"
    (
        re.compile(
            rf"""\b({_NAMES})(["']?\s*[=:]\s*)("(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s,;&"']+)""",
            re.IGNORECASE,
        ),
        rf"\1\2{HIDDEN}",
    ),
    # Hashes.
    (re.compile(r"\b[0-9a-f]{32,}\b", re.IGNORECASE), HIDDEN),
)


def redact(text: str) -> str:
    """Return ``text`` without what looks like a secret."""
    for pattern, kept in _PATTERNS:
        text = pattern.sub(kept, text)
    return text


def _spellings(secret: str) -> set[str]:
    utf8 = secret.encode("utf-8", "surrogatepass")
    page = secret.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return {
        secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1],
        quote(utf8, safe=""), quote(utf8), quote_plus(utf8), repr(secret)[1:-1],
        page, page.replace('"', "&quot;").replace("'", "&#x27;"),
    }  # fmt: skip


class Secrets:
    """What must not be shown, as long as it is known here."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def add(self, *secrets: str | None) -> None:
        """Hide these from now on."""
        self._known.update(filter(None, secrets))

    def clear(self) -> None:
        """They are none any more."""
        self._known.clear()

    def clean(self, text: str, also: Iterable[str | None] = ()) -> str:
        """Return ``text`` without what is known to be secret, ``also`` these, and `redact`."""
        secrets = {one for one in (*self._known, *also) if one}
        spelt = {spelling for secret in secrets for spelling in _spellings(secret)}
        if spelt:
            # The longest first, all in one go: no part of one is left of another.
            words = sorted(spelt, key=len, reverse=True)
            text = re.sub("|".join(map(re.escape, words)), HIDDEN, text)
        return redact(text)
