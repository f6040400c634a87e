"""The parties that can be called and watched: people, queues, IVRs, conferences, outside numbers.

The data is frozen. The state of a running PBX (phones, calls, tokens) is elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import unquote

from pycti.errors import ApiError


class Kind(StrEnum):
    """The type of a party: a node type of the connector, ``outside``, or a parking slot."""

    USER = "user"
    QUEUE = "queue"
    IVR = "ivr"
    CONF = "conf"
    OUTSIDE = "outside"
    PARK = "park"


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a call. ``number`` is an extension, ``+`` and digits, or ``anonymous``."""

    kind: Kind
    id: str
    number: str
    name: str = ""

    @property
    def node(self) -> str:
        """The node that reports this party's calls, such as ``queue:77``, or ``""`` if none."""
        return "" if self.kind in (Kind.OUTSIDE, Kind.PARK) else f"{self.kind}:{self.id}"

    @property
    def wire(self) -> str:
        """The user part of the node's SIP address, such as ``queue-77``."""
        return self.id if self.kind in (Kind.USER, Kind.OUTSIDE) else f"{self.kind}-{self.id}"


@dataclass(frozen=True, slots=True)
class PhoneSettings:
    """The behaviour of a user's phone; times in seconds.

    ``pickup_after`` applies to the user's own leg of a click-to-call, ``answer_after`` to inbound
    calls. With ``None`` the phone waits for a person (or for the control API). ``lines``: the
    maximum number of simultaneous calls.
    """

    registered: bool = True
    pickup_after: float | None = 2.0
    answer_after: float | None = None
    ring_time: float = 30.0
    dnd: bool = False
    lines: int = 2


@dataclass(frozen=True, slots=True)
class Person:
    """A user. A user without a password cannot log in."""

    id: str
    ext: str
    first_name: str
    last_name: str
    email: str
    password: str = field(default="", repr=False)
    second_factor: str = field(default="", repr=False)
    api_keys: tuple[str, ...] = field(default=(), repr=False)
    phone: PhoneSettings = PhoneSettings()

    @property
    def party(self) -> Party:
        """This user as one side of a call."""
        return Party(Kind.USER, self.id, self.ext, f"{self.first_name} {self.last_name}")


@dataclass(frozen=True, slots=True)
class Service:
    """A queue, an IVR or a conference; times in seconds."""

    party: Party
    members: tuple[str, ...] = ()
    answer_after: float = 0.0
    forward_after: float = 0.0
    forward_to: str = ""


@dataclass(frozen=True, slots=True)
class Outside:
    """The behaviour of an outside number when it is called; times in seconds.

    With a ``code`` it rejects the call with that SIP response after ``code_after``, and rings
    before if ``rings``. With ``answer_after`` ``None`` it rings until the end of ``ring_time``.
    ``alert_after`` is the time until it rings; the other times start at its answer.
    """

    number: str
    name: str = ""
    does: str = "answers after 2 s"
    alert_after: float = 0.0
    answer_after: float | None = 2.0
    ring_time: float = 20.0
    code: int = 0
    code_after: float = 0.5
    rings: bool = False
    hold_after: float | None = None
    resume_after: float = 5.0
    hang_up_after: float | None = None

    @property
    def party(self) -> Party:
        """This number as one side of a call."""
        return Party(Kind.OUTSIDE, self.number, self.number, self.name)


_NODE = re.compile(r"(?:(user|queue|ivr|conf)[-:])?([0-9]{1,12})\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Directory:
    """All parties of this PBX, and the dial plan."""

    domain: str
    people: tuple[Person, ...]
    services: tuple[Service, ...] = ()
    outside: tuple[Outside, ...] = ()
    barred: tuple[str, ...] = ()
    customer_id: str = "1"
    slots: tuple[str, ...] = tuple(str(number) for number in range(701, 710))
    """The extensions at which calls are parked."""

    def person(self, user_id: str) -> Person | None:
        """Return the user with that id."""
        return next((person for person in self.people if person.id == user_id), None)

    def service(self, node: str) -> Service | None:
        """Return the queue, IVR or conference with that node name, such as ``queue:77``."""
        return next((service for service in self.services if service.party.node == node), None)

    def node(self, address: str) -> Party | None:
        """Return the party of a node name: ``10002``, ``user:10002``, ``queue-77``, ``queue:77``.

        Percent escapes are decoded first (RFC 3261 §19.1.4).
        """
        match = _NODE.match(unquote(address))
        if match is None:
            return None
        kind, number = match[1] or "user", match[2]
        if kind == "user":
            person = self.person(number)
            return person.party if person else None
        service = self.service(f"{kind}:{number}")
        return service.party if service else None

    def outside_number(self, number: str, name: str = "") -> Outside:
        """Return the outside party with a number in E.164 form with ``+``."""
        known = next((entry for entry in self.outside if entry.number == number), None)
        return known or Outside(number, name)

    def dial(self, dialled: str) -> Party:
        """Return the party of an extension, a user id, or a number with or without ``+``.

        Raises:
            ApiError: 400, the number is not valid, unknown, or not allowed.
        """
        if not re.fullmatch(r"\+?[0-9]{2,17}", dialled, re.ASCII):
            raise ApiError(400, f"{dialled[:40]!r} is not a valid number.")
        digits = dialled.removeprefix("+")
        if dialled == digits:
            for person in self.people:
                if digits in (person.ext, person.id):
                    return person.party
            for service in self.services:
                if digits == service.party.number:
                    return service.party
        if len(digits) < 6:
            raise ApiError(400, f"{dialled} is not an extension of this PBX.")
        # E.164 §6: a country code, which never starts with 0, and at most 15 digits.
        if digits[0] == "0" or len(digits) > 15:
            raise ApiError(400, f"{dialled} is not a valid number.")
        if digits.startswith(self.barred):
            raise ApiError(400, f"Calls to +{digits} are not allowed.")
        return self.outside_number(f"+{digits}").party
