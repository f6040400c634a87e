"""One exception tree. Every error says whose fault it was, what happened, and how to mend it."""

from __future__ import annotations

HINTS: dict[str, str] = {
    "MISSING_ARGUMENT": "Pass every argument that the method needs.",
    "TOO_MANY_ARGUMENTS": "Pass only the arguments that the method knows.",
    "BAD_ARGUMENT": "Pass a value of the type that the method documents.",
    "EMPTY_DESTINATION": "Enter a number, such as +44 20 3642 7900, or an extension.",
    "BAD_NUMBER": "Start with + and the country code, such as +44 20 3642 7900.",
    "BAD_EXTENSION": "An extension has 2 to 5 digits. Start any other number with + and the "
    "country code.",
    "INSECURE_URL": "Use https:// and wss://; without TLS only this machine's own servers are "
    "spoken to.",
    "BAD_TEL_URI": "Write tel:+442036427900, or tel:1234;phone-context=+4420 (RFC 3966).",
    "BAD_COUNTRY": "Use an ISO 3166 code of two letters, such as GB.",
    "NUMBERS_UNAVAILABLE": "Install it: pip install 'pycti[numbers]', or in Pyodide "
    "micropip.install('phonenumberslite'); on a page, serve every file of the bundle.",
    "BAD_DIGITS": "Use 1 to 64 of 0-9, *, #, A-D, and a comma for a pause.",
    "SELF_CALL": "This is your own number. Choose another one.",
    "UNKNOWN_CALL": "The call has ended, or its id is not the one of a call event.",
    "BAD_NODE_TYPE": "Use user:ID, ivr:ID, queue:ID or conf:ID.",
    "BAD_NODE_ID": "The part after the colon is a number, such as queue:77.",
    "NOT_CONNECTED": "Log in, or wait until the connection is ready.",
    "NOT_ALLOWED": "Wait until the call's state allows it.",
    "NOT_SUPPORTED": "Use another way: features lists what the server offers.",
    "ALREADY_LOGGED_IN": "Log out first.",
    "LOGIN_FAILED": "Check your e-mail address, password, code or API key.",
    "SESSION_EXPIRED": "Log in again.",
    "API_ERROR": "The server declined the request. Try again, or contact support.",
    "NETWORK_ERROR": "Check your internet connection. If it works, check the server's address.",
    "TIMEOUT": "The server is not responding. Try again in a moment.",
    "SIP_ERROR": "The server declined the connection. Try again, or contact support.",
    "AUTH_DOWNGRADE": "Your connection may not be safe. If your service has changed its settings, "
    "log out and log in again.",
    "CALL_FAILED": "Try again, or call another number.",
    "RATE_LIMITED": "Wait a moment, then try again.",
    "LIMIT_REACHED": "The manual's page on limits has the numbers.",
    "UNKNOWN_COMMAND": "Use one of the connector's documented methods.",
    "INTERNAL_ERROR": "This is a defect of the connector: please report it, with the log.",
    "MALFORMED": "The other side sent something that is not valid; nothing was changed.",
}
"""The stable error codes and, for each, the remedy if the error has none of its own.

Users read them: they are about telephones, and the manual is about options.
"""


def quoted(text: str) -> str:
    """Return what someone passed, as messages show it: in quotes, and not without end."""
    return f"“{text[:40]}…”" if len(text) > 40 else f"“{text}”"


class CtiError(Exception):
    """Base of every error that this package raises on purpose.

    ``code`` is stable and meant for programs, ``message`` says what happened, ``hint`` how to
    fix it. Neither contains a secret. ``told``: CANCEL or LOGGED_OUT has reported the error, so
    that no ERROR event follows.
    """

    told = False

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint or HINTS.get(code, "")

    def to_json(self) -> dict[str, str]:
        """Return ``{code, message, hint}``, the shape that JavaScript's ``CtiError`` has."""
        return {"code": self.code, "message": self.message, "hint": self.hint}


class InputError(CtiError, ValueError):
    """The caller passed something that cannot be right. Nothing was sent."""


class StateError(CtiError):
    """The request is well formed but not possible now. Nothing was sent."""


class ApiError(CtiError):
    """The REST API refused. ``status`` is the HTTP status code."""

    def __init__(self, status: int, message: str, code: str = "API_ERROR", hint: str = "") -> None:
        super().__init__(code, message, hint)
        self.status = status


class CallError(CtiError):
    """A call could not be placed. Its CANCEL event has been emitted."""

    told = True

    def __init__(self, cause: str, hint: str = "") -> None:
        super().__init__("CALL_FAILED", cause, hint)


class SessionExpiredError(ApiError):
    """The server no longer knows the session. LOGGED_OUT has been emitted."""

    told = True

    def __init__(self, status: int = 401) -> None:
        super().__init__(status, "Your session has expired.", "SESSION_EXPIRED")


class NetworkError(CtiError):
    """No answer from the server: no route, refused, cut off, or too late."""


class SipError(CtiError):
    """The SIP server refused. ``status`` is the SIP response code, 0 where there was none."""

    def __init__(self, status: int, message: str, code: str = "SIP_ERROR") -> None:
        super().__init__(code, message)
        self.status = status


class MessageError(CtiError, ValueError):
    """A SIP message, header or document from the network is malformed.

    ``status`` is the SIP response that a request with this fault deserves (RFC 3261 §21.4),
    or 0 where no response can be sent; ``request`` is the `pycti.sip.message.Request`, as far as it
    could be read.
    """

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__("MALFORMED", message)
        self.status = status
        self.request: object = None
