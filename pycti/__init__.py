"""pycti: click to call, caller display and call control for any web page, in pure Python."""

from pycti.connector import Connector
from pycti.errors import CtiError
from pycti.events import (
    ActivityEvent,
    Call,
    CallEvent,
    CallStatus,
    Direction,
    Event,
    EventName,
    Status,
)

__version__ = "0.1.0"

__all__ = [
    "ActivityEvent",
    "Call",
    "CallEvent",
    "CallStatus",
    "Connector",
    "CtiError",
    "Direction",
    "Event",
    "EventName",
    "Status",
    "__version__",
]
