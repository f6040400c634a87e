"""How people are who are followed: one word for each, and one event for each change."""

from __future__ import annotations

import pytest

from pycti.calls.presence import Presences, presence_of
from pycti.events import Call, CallStatus, Direction, Presence

from .documents import dialog, incoming
from .pages import Office
from .world import World

BEN = "user:10003"
IN, OUT = Direction.IN, Direction.OUT
RINGING, CONNECTED, ON_HOLD = CallStatus.RINGING, CallStatus.CONNECTED, CallStatus.ON_HOLD


def call(status: CallStatus, direction: Direction = IN) -> Call:
    return Call("1", "1", BEN, direction, status)


@pytest.mark.parametrize(
    ("calls", "device", "expected"),
    [
        ([], "", "free"),
        ([], "online", "free"),
        ([], "dnd", "do-not-disturb"),
        ([], "offline", "offline"),
        ([], "unheard-of", "free"),
        ([call(RINGING)], "", "ringing"),
        ([call(RINGING, OUT)], "", "talking"),
        ([call(CallStatus.INITIAL, OUT)], "", "ringing"),
        ([call(CallStatus.ACCEPTED, OUT)], "", "talking"),
        ([call(CONNECTED)], "dnd", "talking"),
        ([call(ON_HOLD)], "", "on-hold"),
        ([call(ON_HOLD), call(CONNECTED)], "", "talking"),
        ([call(CONNECTED), call(RINGING)], "", "ringing"),
    ],
)
def test_what_makes_which(calls: list[Call], device: str, expected: str):
    assert presence_of(calls, device) == expected


class Street(World):
    """`World`, and what was told of people."""

    def __init__(self) -> None:
        self.told_presences: list[str] = []
        super().__init__(
            on_presence=lambda node, presence: self.told_presences.append(f"{node} {presence}")
        )

    def heard(self, node: str = BEN) -> list[str]:
        """Return what was told of a node since the last time."""
        found = [one.partition(" ")[2] for one in self.told_presences if one.startswith(node)]
        self.told_presences.clear()
        return found

    async def device(self, state: str, version: int, full: bool = False) -> None:
        kind = "full" if full else "partial"
        body = (
            f'<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="{version}"'
            f' state="{kind}" entity="sip:10003@pbx.test">'
            f'<device xmlns="urn:pycti:device" state="{state}"/></dialog-info>'
        )
        self.deliver(self.next_notify("active;expires=300", body, "10003"), "10003")
        await self.settle()


@pytest.fixture
async def street():
    street = Street()
    await street.log_in()
    await street.follow(BEN)
    yield street
    await street.connector.aclose()


class TestChanges:
    async def test_each_is_told_once(self, street: Street):
        assert street.heard() == ["free"]
        await street.dialogs(incoming("1-1", "early"), of="10003")
        await street.dialogs(incoming("1-1", "early", name="Alex"), of="10003")
        assert street.heard() == ["ringing"]
        await street.dialogs(incoming("1-1", "confirmed"), of="10003")
        await street.dialogs(incoming("1-1", "confirmed"), incoming("2-1", "early"), of="10003")
        gone = incoming("2-1", "terminated", event="cancelled")
        await street.dialogs(incoming("1-1", "confirmed", hold=True), gone, of="10003")
        await street.dialogs(incoming("1-1", "terminated", event="local-bye"), of="10003")
        assert street.heard() == ["talking", "ringing", "on-hold", "free"]

    async def test_it_is_known_at_any_time(self, street: Street):
        assert await street.connector.presence(BEN) is Presence.FREE
        await street.dialogs(incoming("1-1", "confirmed"), of="10003")
        assert await street.connector.presence(BEN) is Presence.TALKING

    async def test_of_those_who_are_not_followed_nothing_is_known(self, street: Street):
        assert await street.connector.presence("user:10009") is Presence.UNKNOWN
        await street.connector.unsubscribe(BEN)
        assert street.heard() == ["free", "unknown"]

    async def test_only_people_have_one(self, street: Street):
        await street.follow("queue:77")
        await street.dialogs(incoming("1-1", "early"), of="queue-77")
        assert street.heard("queue:77") == []

    async def test_the_users_own(self, street: Street):
        street.api["POST /calls"] = (201, {"data": {"id": 143}})
        await street.connector.call("103")
        assert street.heard("user:10002") == ["free", "ringing", "talking"]
        await street.dialogs(dialog("143-1", "confirmed", "103"))
        await street.dialogs()
        assert street.heard("user:10002") == ["free"]

    async def test_a_lost_connection_makes_them_unknown_until_they_are_told_again(
        self, street: Street
    ):
        await street.dialogs(incoming("1-1", "confirmed"), of="10003")
        street.heard()
        street.network = False
        await street.drop()
        assert street.heard() == ["unknown"]
        street.network = True
        street.connector.wake()
        await street.advance(2)
        assert street.names == ["CONNECTED", "READY", "HANGUP"]
        assert street.heard() == ["free"]

    async def test_after_the_logout_nothing_is_known(self, street: Street):
        await street.dialogs(incoming("1-1", "confirmed"), of="10003")
        street.heard()
        await street.connector.logout()
        assert street.heard() == ["unknown"]
        await street.log_in()
        await street.follow(BEN)
        assert street.heard() == ["free"]

    async def test_a_node_that_the_server_ends_is_unknown(self, street: Street):
        street.heard()
        street.sip["10003"] = "404 Not Found"
        await street.notify("terminated;reason=noresource", of="10003")
        await street.advance(400)
        assert street.heard()[-1] == "unknown"

    async def test_what_a_callback_raises_stops_nothing(self, street: Street, caplog):
        def fail(*_: object) -> None:
            raise RuntimeError

        street.connector._on_presence = fail
        await street.dialogs(incoming("1-1", "early"), of="10003")
        assert "on_presence raised" in caplog.text
        assert street.names == ["RINGING"]


class TestPhones:
    async def test_a_document_says_how_a_phone_is_reached(self, street: Street):
        street.heard()
        await street.device("dnd", 5, full=True)
        await street.device("dnd", 6)
        await street.device("offline", 7)
        await street.device("ONLINE", 8)
        assert street.heard() == ["do-not-disturb", "offline", "free"]

    async def test_a_call_is_more_than_that(self, street: Street):
        await street.device("dnd", 5, full=True)
        street.heard()
        await street.dialogs(incoming("1-1", "confirmed"), of="10003")
        await street.dialogs(of="10003")
        assert street.heard() == ["talking", "do-not-disturb"]


class TestPages:
    async def test_those_that_listen_are_told(self):
        office = Office()
        await office.log_in_page()
        wish = {"names": ["presence"], "pop": "active"}
        office.send(1, "listen", **wish)
        office.send(2, "listen", **{**wish, "names": []})
        await office.command(1, 3, "subscribe", BEN)
        await office.dialogs(incoming("1-1", "early"), of="10003")
        told = [(page, one) for page, one in office.posts if one["type"] == "presence"]
        assert [(page, one["node"], one["presence"]) for page, one in told] == [
            (1, BEN, "free"),
            (1, BEN, "ringing"),
        ]
        await office.command(2, 4, "presence", BEN)
        assert office.of(2, "result")[-1]["value"] == "ringing"
        await office.worker._connector.aclose()


def test_nothing_is_told_before_the_documents_have_told_all():
    told: list[str] = []
    known: set[str] = set()
    people = Presences(known.__contains__, lambda node, presence: told.append(str(presence)))
    people.see(BEN, "dnd")
    assert told == []
    known.add(BEN)
    people.see(BEN)
    assert told == ["do-not-disturb"]
