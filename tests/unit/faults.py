"""The table of faults and their events, which the tests run and the docs show.

A row is a fault and a column is a moment. A cell lists the events that the page receives after the
fault, in order and with their codes. ``—`` means no event.
"""

from __future__ import annotations

NOTHING = "—"

MOMENTS: dict[str, str] = {
    "logging in": "the credentials have been sent",
    "subscribing": "the socket is open, SUBSCRIBE has no answer",
    "ringing": "an inbound call rings",
    "connected": "a call is connected",
    "holding": "a call is on hold",
    "transferring": "a transfer has been requested",
    "hanging up": "a hang-up has been requested",
}

FAULTS: dict[str, str] = {
    "socket cut": "the WebSocket is cut; the server and its calls continue",
    "server restart": "the server loses its state and its calls, and the socket is cut",
    "API says 500": "every REST request is answered with 500",
    "API is silent": "no REST request gets an answer",
    "token expired": "every REST request is answered with 401",
    "SIP says 503": "the next SUBSCRIBE is answered with 503, once",
    "SIP says 403": "the next SUBSCRIBE is answered with 403, once",
    "NOTIFY malformed": "a NOTIFY has a body that is not XML",
    "NOTIFYs out of order": "a newer NOTIFY arrives before an older one",
    "NOTIFY twice": "a NOTIFY arrives twice",
    "machine asleep": "nothing runs for an hour, and the calls end in that time",
    "offline, online": "the network is down for a minute",
}

TABLE: dict[str, tuple[str, ...]] = {
    "socket cut": (
        "LOGGED_IN, ERROR NETWORK_ERROR, SUBSCRIBED, READY",
        "ERROR NETWORK_ERROR, SUBSCRIBED, READY",
        "READY, RINGING again",
        "READY, CONNECTED again",
        "READY, ON_HOLD again",
        "READY, HANGUP",
        "READY, HANGUP",
    ),
    "server restart": (
        "LOGGED_IN, ERROR NETWORK_ERROR, SUBSCRIBED, READY",
        "ERROR NETWORK_ERROR, SUBSCRIBED, READY",
        "READY, HANGUP",
        "READY, HANGUP",
        "READY, HANGUP",
        "READY, HANGUP",
        "READY, HANGUP",
    ),
    "API says 500": (
        "ERROR API_ERROR",
        "SUBSCRIBED, READY",
        "—",
        "—",
        "—",
        "ERROR API_ERROR",
        "ERROR API_ERROR",
    ),
    "API is silent": (
        "ERROR TIMEOUT",
        "SUBSCRIBED, READY",
        "—",
        "—",
        "—",
        "ERROR TIMEOUT",
        "ERROR TIMEOUT",
    ),
    "token expired": (
        "ERROR LOGIN_FAILED",
        "SUBSCRIBED, READY, LOGGED_OUT SESSION_EXPIRED",
        "LOGGED_OUT SESSION_EXPIRED",
        "LOGGED_OUT SESSION_EXPIRED",
        "LOGGED_OUT SESSION_EXPIRED",
        "LOGGED_OUT SESSION_EXPIRED",
        "LOGGED_OUT SESSION_EXPIRED",
    ),
    "SIP says 503": (
        "LOGGED_IN, ERROR SIP_ERROR, SUBSCRIBED, READY",
        "ERROR SIP_ERROR, SUBSCRIBED, READY",
        "—",
        "—",
        "—",
        "HANGUP",
        "HANGUP",
    ),
    "SIP says 403": (
        "LOGGED_IN, ERROR SIP_ERROR, SUBSCRIBED, READY",
        "ERROR SIP_ERROR, SUBSCRIBED, READY",
        "READY, RINGING again",
        "READY, CONNECTED again",
        "READY, ON_HOLD again",
        "HANGUP, READY",
        "HANGUP, READY",
    ),
    "NOTIFY malformed": (
        "LOGGED_IN, SUBSCRIBED, READY",
        "SUBSCRIBED, READY",
        "CONNECTED",
        "ON_HOLD",
        "CONNECTED",
        "ERROR TIMEOUT, HANGUP",
        "ERROR TIMEOUT, HANGUP",
    ),
    "NOTIFYs out of order": (
        "LOGGED_IN, SUBSCRIBED, READY",
        "SUBSCRIBED, READY",
        "CONNECTED",
        "ON_HOLD",
        "CONNECTED",
        "HANGUP",
        "HANGUP",
    ),
    "NOTIFY twice": (
        "LOGGED_IN, SUBSCRIBED, READY",
        "SUBSCRIBED, READY",
        "CONNECTED",
        "ON_HOLD",
        "CONNECTED",
        "HANGUP",
        "HANGUP",
    ),
    "machine asleep": (
        "LOGGED_IN, SUBSCRIBED, READY",
        "SUBSCRIBED, READY",
        "HANGUP",
        "HANGUP",
        "HANGUP",
        "HANGUP",
        "HANGUP",
    ),
    "offline, online": (
        "ERROR NETWORK_ERROR",
        "ERROR NETWORK_ERROR, SUBSCRIBED, READY",
        "READY, RINGING again",
        "READY, CONNECTED again",
        "READY, ON_HOLD again",
        "ERROR NETWORK_ERROR, READY, CONNECTED again",
        "ERROR NETWORK_ERROR, READY, CONNECTED again",
    ),
}
