"""The reports of the SIP user agent to its owner."""

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
    """The subscription to ``node`` failed. ``again``: the user agent retries it by itself."""

    node: str
    status: int
    reason: str
    again: bool
    code: str = "SIP_ERROR"


@dataclass(frozen=True, slots=True)
class DialogsChanged:
    """The dialogs of ``node`` changed, or the server sent the full state."""

    node: str
    change: Change


@dataclass(frozen=True, slots=True)
class Dead:
    """The connection no longer answers: close it and open another."""


Report: TypeAlias = Accepted | Failed | DialogsChanged | Dead
