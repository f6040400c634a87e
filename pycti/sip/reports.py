"""What the SIP side reports to its owner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from pycti.sip.dialog_info import Change


@dataclass(frozen=True, slots=True)
class Accepted:
    """The server has accepted the subscription to ``node``."""

    node: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The subscription to ``node`` failed; ``again`` where it is tried again by itself."""

    node: str
    status: int
    reason: str
    again: bool
    code: str = "SIP_ERROR"


@dataclass(frozen=True, slots=True)
class DialogsChanged:
    """The dialogs of ``node`` changed, or were told in full."""

    node: str
    change: Change


@dataclass(frozen=True, slots=True)
class Dead:
    """The connection does not answer any more: close it and open another."""


Report: TypeAlias = Accepted | Failed | DialogsChanged | Dead
