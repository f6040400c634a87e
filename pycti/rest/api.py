"""The REST API as frozen requests and results, without I/O (``docs`` list the API's routes)."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import quote, urlencode

from pycti.common.redaction import redact
from pycti.errors import ApiError, InputError

DEFAULT_ENDPOINT = "https://l7api.com/v1.2/voipstudio"
"""The vendor's base URL."""

_USER = re.compile(r"[A-Za-z0-9]+\Z")
_HOST = re.compile(r"[A-Za-z0-9.\-]+\Z")

_SECRET_PATHS = ("/login", "/login2fa")

DOCUMENTED = frozenset({"answer", "terminate", "transfer"})
"""What a server offers that says nothing of it: what is documented of the vendor's cloud."""

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

TIMEOUT = 20.0
"""Seconds that an ordinary request may take."""

CALL_TIMEOUT = 90.0
"""Seconds that ``POST /calls`` may take: the server answers when the user picks up the phone."""

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """A request to the API. ``path`` is relative to the base URL; ``timeout`` is in seconds."""

    method: str
    path: str
    data: Mapping[str, Json] | None = field(default=None, repr=False)
    timeout: float = TIMEOUT

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values in the request that must not be logged or displayed."""
        if self.data is None or self.path not in _SECRET_PATHS:
            return ()
        return tuple(str(value) for name, value in self.data.items() if name != "email")

    @property
    def body(self) -> str | None:
        """The request's body, or ``None`` if it has none."""
        return None if self.data is None else json.dumps(self.data, allow_nan=False)


@dataclass(frozen=True, slots=True)
class ApiResponse:
    """An answer of the API, unparsed."""

    status: int
    body: str = field(repr=False)
    clean: Callable[[str], str] = field(default=redact, repr=False)
    """Removes secrets from the server's messages."""


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """The login succeeded."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """The login needs a second factor: a code that is sent with ``nonce``."""

    nonce: str = field(repr=False)
    message: str


@dataclass(frozen=True, slots=True)
class Account:
    """The account that is logged in, with its SIP server."""

    user_id: str
    sip_domain: str
    sip_password: str = field(repr=False)
    sip_url: str = ""
    email: str = ""
    extension: str = ""
    features: frozenset[str] = DOCUMENTED

    @property
    def node(self) -> str:
        """The node of the user's own calls."""
        return f"user:{self.user_id}"


def login(email: str, password: str) -> ApiRequest:
    """``POST /login``."""
    return ApiRequest("POST", "/login", {"email": email, "password": password})


def login_2fa(code: str, nonce: str) -> ApiRequest:
    """``POST /login2fa``."""
    return ApiRequest("POST", "/login2fa", {"code": code, "nonce": nonce})


def logout() -> ApiRequest:
    """``POST /logout``."""
    return ApiRequest("POST", "/logout", {})


def me() -> ApiRequest:
    """``GET /me``: the account."""
    return ApiRequest("GET", "/me")


def ping() -> ApiRequest:
    """``GET /ping``: keeps the token alive."""
    return ApiRequest("GET", "/ping")


def create_call(to: str) -> ApiRequest:
    """``POST /calls``: the server answers when the user has picked up the phone."""
    return ApiRequest("POST", "/calls", {"to": to}, CALL_TIMEOUT)


def list_calls() -> ApiRequest:
    """``GET /calls``: the live calls."""
    return ApiRequest("GET", "/calls")


def call_path(call_id: str) -> str:
    """Return the path of a call; raises `InputError` if its id cannot be in a path."""
    # The id comes from the network, so it must not be able to change the path.
    if call_id in ("", ".", ".."):
        raise InputError("UNKNOWN_CALL", "The call's id cannot be used in a request.")
    return f"/calls/{quote(call_id, safe='')}"


def answer(call_id: str) -> ApiRequest:
    """``PATCH /calls/ID``: answer a ringing call."""
    return ApiRequest("PATCH", call_path(call_id), {"state": "CONNECTED"})


def transfer(call_id: str, to: str) -> ApiRequest:
    """``PATCH /calls/ID``: blind transfer."""
    return ApiRequest("PATCH", call_path(call_id), {"dst": to})


def terminate(call_id: str) -> ApiRequest:
    """``DELETE /calls/ID``: hang up."""
    return ApiRequest("DELETE", call_path(call_id))


def custom(method: object, path: object, data: object) -> ApiRequest:
    """Return the request of a page's ``customCommand``, if it stays inside the API.

    Raises:
        InputError: the method is unknown, the path leaves the API, or the data is no object.
    """
    if not isinstance(method, str) or method.upper() not in METHODS:
        raise InputError("BAD_ARGUMENT", "The method is not one of " + ", ".join(METHODS) + ".")
    # The request carries the token, so the path must not be able to name another host.
    if not isinstance(path, str) or not path.isprintable() or not _inside(path):
        raise InputError("BAD_ARGUMENT", "The path is not a path inside the API, such as /users.")
    if data is not None and not isinstance(data, dict):
        raise InputError("BAD_ARGUMENT", "The data is not an object.")
    method = method.upper()
    path = "/" + path.removeprefix("/")
    request = ApiRequest(method, path, data)
    try:
        body = request.body
        if method == "GET" and data:
            plain = {
                key: v if isinstance(v, str) else json.dumps(v, allow_nan=False)
                for key, v in data.items()
            }
            return ApiRequest(method, f"{path}{'&' if '?' in path else '?'}{urlencode(plain)}")
        (body or "").encode()
    except (TypeError, ValueError, RecursionError) as error:
        words = f"The data cannot be sent: {type(error).__name__}."
        raise InputError("BAD_ARGUMENT", words) from None
    return request


# Characters that some servers decode twice: a slash, a backslash, a percent, control characters.
_HIDDEN = re.compile("%(?:2f|5c|25|[01][0-9a-f]|7f)", re.IGNORECASE)


def _inside(path: str) -> bool:
    route, _, query = path.partition("?")
    if not route.isascii() or set(route) & set("\\#: @") or "#" in query or _HIDDEN.search(route):
        return False
    # Some servers remove everything after a semicolon before they look for dots.
    words = [step.partition(";")[0] for step in route.removeprefix("/").split("/")]
    steps = [re.sub("%2e", ".", word, flags=re.IGNORECASE) for word in words]
    return "" not in steps[:-1] and not {".", ".."} & set(steps)


def parse(response: ApiResponse) -> Json:
    """Return the JSON of a successful answer, or ``None`` if it is empty.

    Raises:
        ApiError: the server returned an error, whose message is included, or invalid JSON.
    """
    try:
        document: Json = _read(response.body) if response.body else None
    except (ValueError, RecursionError):
        document = None
        if response.status < 300:
            raise ApiError(response.status, "The server's answer is not valid JSON.") from None
    if response.status >= 300:
        words = response.clean(_words(document))
        raise ApiError(response.status, words or f"HTTP status {response.status}")
    return document


def _read(text: str) -> Json:
    # json.loads accepts NaN, Infinity and 1e999 (as Infinity); JavaScript's JSON.parse does not.
    document: Json = json.loads(text, parse_constant=_finite, parse_float=_finite)
    return document


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is not a finite number")
    return number


def _words(document: Json) -> str:
    """Return the server's error message."""
    if not isinstance(document, dict):
        return ""
    errors = document.get("errors")
    words = [document, *(errors if isinstance(errors, list) else ())]
    words = [word.get("message") if isinstance(word, dict) else None for word in words]
    kept = [word.strip() for word in words if isinstance(word, str) and word.strip()]
    return " ".join(dict.fromkeys(kept))


def text_of(document: Json, *names: str) -> str:
    """Return a field of an answer as text, ``""`` where there is none."""
    value = document.get(names[0]) if isinstance(document, dict) else None
    if len(names) > 1:
        return text_of(value, *names[1:])
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value)


def parse_login(response: ApiResponse) -> LoggedIn | SecondFactor:
    """Return the result of ``POST /login`` or ``POST /login2fa``.

    Raises:
        ApiError: LOGIN_FAILED with the server's message, or API_ERROR for a server error.
    """
    try:
        document = parse(response)
    except ApiError as error:
        if 400 <= error.status < 500:
            raise ApiError(error.status, error.message, "LOGIN_FAILED") from None
        raise
    if nonce := text_of(document, "nonce"):
        words = response.clean(text_of(document, "message"))
        return SecondFactor(nonce, words or "A second factor is needed.")
    token = text_of(document, "user_token")
    if not token or not token.isprintable():
        raise ApiError(response.status, "The server's answer to the login has no token.")
    return LoggedIn(token)


def parse_account(response: ApiResponse) -> Account:
    """Return the account of ``GET /me``; raise `ApiError` if it cannot be used for SIP."""
    document = parse(response)
    data = document.get("data") if isinstance(document, dict) else None
    offered = data.get("features") if isinstance(data, dict) else None
    account = Account(
        user_id=text_of(document, "data", "id"),
        sip_domain=text_of(document, "data", "sip_domain"),
        sip_password=text_of(document, "data", "sip_password"),
        sip_url=text_of(document, "data", "sip_url"),
        email=text_of(document, "data", "email"),
        extension=text_of(document, "data", "ext"),
        features=DOCUMENTED
        if not isinstance(offered, list)
        else frozenset(feature for feature in offered if isinstance(feature, str)),
    )
    # They become part of SIP headers, so they are checked.
    if not (_USER.match(account.user_id) and _HOST.match(account.sip_domain)):
        raise ApiError(response.status, "The server's answer has no SIP account.")
    return account


def parse_created_call(response: ApiResponse) -> str:
    """Return the id of the call that ``POST /calls`` created; raise `ApiError` if it failed."""
    document = parse(response)
    identifier = text_of(document, "data", "id")
    if not identifier.isalnum():
        raise ApiError(response.status, "The server's answer has no call id.")
    return identifier


def parse_calls(response: ApiResponse) -> list[tuple[str, str]]:
    """Return ``(id, destination)`` of each live call."""
    document = parse(response)
    rows = document.get("data") if isinstance(document, dict) else None
    found = (
        [(text_of(row, "id"), text_of(row, "dst")) for row in rows]
        if isinstance(rows, list)
        else []
    )
    return [(identifier, to) for identifier, to in found if identifier.isalnum()]
