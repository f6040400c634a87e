"""The parts of a PBX, for the report and the control API."""

from __future__ import annotations

from dataclasses import dataclass

from pycti.pbx.accounts import Accounts
from pycti.pbx.cdrs import Cdrs
from pycti.pbx.directory import Directory
from pycti.pbx.faults import Faults
from pycti.pbx.feed import Feed
from pycti.pbx.notifier import Notifier
from pycti.pbx.phones import Phones
from pycti.pbx.services import Switch
from pycti.pbx.sip_socket import SipSockets
from pycti.pbx.timers import Timers


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one PBX."""

    directory: Directory
    accounts: Accounts
    phones: Phones
    exchange: Switch
    notifier: Notifier
    sockets: SipSockets
    faults: Faults
    feed: Feed
    timers: Timers
    cdrs: Cdrs
