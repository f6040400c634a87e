"""The embedded PBX: REST API, SIP notifier and simulated phones on one port.

HTTP requests and SIP messages go in; answers and NOTIFYs come out. Start reading in `server`, which
connects the parts; `exchange` holds the calls, and `notifier` reports their dialogs.
"""

from pycti.pbx.demo_directory import demo_directory
from pycti.pbx.directory import Directory, Kind, Outside, Party, Person, PhoneSettings, Service
from pycti.pbx.server import Pbx
from pycti.pbx.subscription import SubscriptionLimits
from pycti.pbx.timers import LoopTimers, Timers

__all__ = [
    "Directory",
    "Kind",
    "LoopTimers",
    "Outside",
    "Party",
    "Pbx",
    "Person",
    "PhoneSettings",
    "Service",
    "SubscriptionLimits",
    "Timers",
    "demo_directory",
]
