"""Remove secrets from text that is displayed: log lines, errors, events.

Servers echo their input, so their messages are cleaned before they become part of an error.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

HIDDEN = "[hidden]"
"""Replaces a secret."""

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
    """Return ``text`` without anything that looks like a secret."""
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
    """The secrets that must not be displayed."""

    def __init__(self) -> None:
        self._secrets: set[str] = set()

    def add(self, *secrets: str | None) -> None:
        """Hide ``secrets`` from now on."""
        self._secrets.update(filter(None, secrets))

    def clear(self) -> None:
        """Forget all secrets."""
        self._secrets.clear()

    def clean(self, text: str, also: Iterable[str | None] = ()) -> str:
        """Return ``text`` without the secrets, without ``also``, and after `redact`."""
        secrets = {one for one in (*self._secrets, *also) if one}
        spellings = {spelling for secret in secrets for spelling in _spellings(secret)}
        if spellings:
            # Longest first and in one pass, so that no part of a secret remains.
            words = sorted(spellings, key=len, reverse=True)
            text = re.sub("|".join(map(re.escape, words)), HIDDEN, text)
        return redact(text)
