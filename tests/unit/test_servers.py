"""Documents of other SIP servers, through the whole connector: one test for each format.

The table in ``docs/servers.rst`` names the server of each test. The documents are unmodified, and
the CSeq of each NOTIFY is one higher than the last.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from pycti.events import Call, CallEvent, CallStatus

from .documents import dialog, document
from .wire import answer_text, header, notify_text
from .world import FakeSocket, World

C = CallStatus
NUMBER = "+34910602002"
EMPTY = '<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="%d" state="full"/>'


class Server(World):
    """A server that sends given documents.

    ``first`` answers a new subscription; ``fetched`` answers a refresh, if it is not ``None``.
    """

    def __init__(self) -> None:
        super().__init__()
        self.first = ""
        self.fetched: str | None = ""

    def _answer(self, socket: FakeSocket, text: str) -> None:
        fresh = "tag=" not in header(text, "To")
        body = self.first if fresh else self.fetched
        user = header(text, "To").partition("@")[0].removeprefix("<sip:")
        socket.listener.received(answer_text(text, "200 OK", "Expires: 300"))
        self._subscriptions[user] = (socket, text)
        if body is not None:
            self._version += 1
            socket.listener.received(notify_text(text, self._version, "active;expires=300", body))

    async def say(self, body: str, *headers: str) -> None:
        """Send a NOTIFY with this document."""
        text = self.next_notify("active;expires=300", body)
        lines = "".join(f"{line}\r\n" for line in headers)
        self.deliver(text.replace("Event: dialog\r\n", f"Event: dialog\r\n{lines}"))
        await self.settle()

    async def say_all(self, dialogs: Iterable[str], entity: str = "10002") -> None:
        """Send each as the only dialog of a full document, with increasing versions."""
        for element in dialogs:
            await self.say(document(self._version + 1, element, entity=entity))

    @property
    def calls(self) -> list[CallEvent]:
        return [event for event in self.events if isinstance(event, CallEvent)]

    @property
    def sip_statuses(self) -> list[CallStatus]:
        return [event.call.status for event in self.calls]

    @property
    def ends(self) -> list[str]:
        """Return the ids of the calls that have ended, once for each terminal event."""
        return [
            (event.call.server_id or event.call.id)
            for event in self.calls
            if event.call.status.ended
        ]

    @property
    def running(self) -> list[str]:
        return [call.server_id or call.id for call in self.connector._pump.calls.running()]


async def logged_in(*known: Call, first: str = "") -> Server:
    """Return a server with a logged-in user whose page knows the calls in ``known``."""
    server = Server()
    server.first = first
    server.connector._pump.calls.join(known)
    await server.log_in()
    return server


@pytest.fixture
async def server() -> Server:
    return await logged_in()


# Asterisk

IDLE = '<dialog id="10002"><state>terminated</state></dialog>'
TALKS = '<dialog id="10002"><state>confirmed</state></dialog>'


def rings(caller: str, attributes: str = "") -> str:
    return (
        f'<dialog id="10002" {attributes} direction="recipient">'
        f'<remote><identity display="Caller {caller}">sip:{caller}@192.0.2.10</identity></remote>'
        "<local><identity>sip:10002@192.0.2.10</identity></local>"
        "<state>early</state></dialog>"
    )


class TestOneIdForEveryCall:
    async def test_two_calls_within_a_minute_have_different_ids(self, server: Server):
        await server.say_all([IDLE, rings("10003"), TALKS, IDLE, rings("10004"), TALKS, IDLE])
        assert [status for status in server.sip_statuses if not status.ended] == [
            C.RINGING, C.CONNECTED, C.RINGING, C.CONNECTED,
        ]  # fmt: skip
        first, second = server.calls[0].call, server.calls[3].call
        assert (first.source, second.source) == ("10003", "10004")
        assert first.id != second.id
        assert {event.call.id for event in server.calls[:3]} == {first.id}
        assert server.ends == [first.id, second.id]
        assert server.running == []

    async def test_the_second_call_may_be_outbound(self, server: Server):
        await server.say_all([IDLE, rings("10003"), IDLE, TALKS, IDLE])
        assert server.sip_statuses[2:3] == [C.CONNECTED]
        assert len(set(server.ends)) == 2

    async def test_no_call_has_the_id_of_a_forgotten_call(self, server: Server):
        await server.say_all([IDLE, rings("10003"), IDLE])
        await server.advance(3600)
        await server.say_all([rings("10003"), IDLE])
        assert len(server.ends) == len(set(server.ends)) == 2

    async def test_a_numeric_dialog_id_gives_a_numeric_call_id(self, server: Server):
        """Pages write ids into inline handlers without quotes; JavaScript must keep all digits."""
        await server.say_all([IDLE, rings("10003")])
        identifier = server.calls[0].call.id
        assert identifier.startswith("10002")
        assert int(identifier) < 2**53

    async def test_a_lost_connection_does_not_change_the_id(self, server: Server):
        await server.say_all([IDLE, rings("10003"), TALKS])
        before = server.running
        await server.drop()
        await server.advance(60)
        await server.say(document(7, IDLE))
        assert server.ends == before

    async def test_a_page_that_knew_the_call_receives_its_end(self, server: Server):
        await server.say_all([IDLE, rings("10003"), TALKS])
        known = server.calls[-1].call
        other = await logged_in(known, first=document(0, TALKS))
        assert other.calls == []
        await other.say_all([IDLE, rings("10004")])
        assert other.ends == [known.id]
        assert len({event.call.id for event in other.calls}) == 2

    async def test_a_dialog_of_another_node_has_an_id_of_its_own(self, server: Server):
        """As in Asterisk's hint ``queue-77``."""
        await server.follow("queue:77")
        waits = '<dialog id="queue-77" direction="recipient"><state>early</state></dialog>'
        served = '<dialog id="queue-77"><state>terminated</state></dialog>'
        for version, element in enumerate((served, waits, served, waits, served), 50):
            text = document(version, element, entity="queue-77")
            server.deliver(server.next_notify("active", text, "queue-77"), "queue-77")
            await server.settle()
        assert len(server.ends) == len(set(server.ends)) == 2
        assert all(identifier.startswith("queue-77~") for identifier in server.ends)

    async def test_an_ended_dialog_with_the_same_call_id_stays_ended(self, server: Server):
        """kamailio#3192: early is sent again after the end."""
        call = 'id="77" call-id="a84b4c76e66710" direction="recipient"'
        for version, state in enumerate(("early", "terminated", "early", "confirmed"), 50):
            await server.say(document(version, f"<dialog {call}><state>{state}</state></dialog>"))
        assert (server.ends, len(server.calls)) == (["77"], 2)

    async def test_a_new_call_id_is_a_new_call(self, server: Server):
        for version, (call, state) in enumerate(
            (("a", "early"), ("a", "terminated"), ("b", "early"), ("b", "terminated")), 50
        ):
            element = f'<dialog id="77" call-id="{call}"><state>{state}</state></dialog>'
            await server.say(document(version, element))
        assert len(server.ends) == len(set(server.ends)) == 2

    async def test_a_call_id_of_the_subscription_is_ignored(self, server: Server):
        """chan_sip writes it into the document of each ringing call, for pickup."""
        pickup = 'call-id="pickup-631012da4d0d" local-tag="DF4A" remote-tag="as79"'
        await server.say_all([IDLE, rings("10003", pickup), IDLE, rings("10004", pickup), IDLE])
        assert len(server.ends) == len(set(server.ends)) == 2

    async def test_a_call_id_that_later_documents_omit_is_kept(self, server: Server):
        """FreeSWITCH sends it only in the answer to SUBSCRIBE."""
        for version, (attribute, state) in enumerate(
            (('call-id="a"', "early"), ("", "terminated"), ('call-id="a"', "early")), 50
        ):
            element = f'<dialog id="77" {attribute}><state>{state}</state></dialog>'
            await server.say(document(version, element))
        assert (server.ends, len(server.calls)) == (["77"], 2)


class TestCallWaiting:
    @pytest.mark.parametrize("after", [[TALKS, IDLE], [IDLE]])
    async def test_a_second_call_that_rings_does_not_change_the_parties(
        self, server: Server, after: list[str]
    ):
        await server.say_all([IDLE, rings("10003"), TALKS, rings("10004"), *after])
        assert server.sip_statuses[:2] == [C.RINGING, C.CONNECTED]
        assert len(server.calls) == 3
        assert {event.call.source for event in server.calls} == {"10003"}
        assert {event.call.source_name for event in server.calls} == {"Caller 10003"}
        assert len(server.ends) == 1

    async def test_the_running_call_shows_the_first_caller_meanwhile(self, server: Server):
        await server.say_all([IDLE, rings("10003"), TALKS, rings("10004")])
        (call,) = server.connector._pump.calls.running()
        assert (call.source, call.status) == ("10003", C.CONNECTED)


class TestACallThatNoDocumentNames:
    async def accept(self, server: Server) -> None:
        server.api["POST /calls"] = (201, {"data": {"id": "gw1"}})
        task = server.start(server.connector.call(NUMBER))
        await server.settle()
        await task
        assert server.sip_statuses == [C.INITIAL, C.ACCEPTED]

    async def test_a_call_without_any_document_ends_after_a_timeout(self, server: Server):
        await self.accept(server)
        await server.advance(29)
        assert server.ends == []
        await server.advance(2)
        assert server.ends == ["gw1"]
        assert server.calls[-1].call.cause == "not reported by the server"
        await server.advance(600)
        assert server.ends == ["gw1"]

    async def test_a_repeated_document_without_the_call_ends_it(self, server: Server):
        """The answer to a refresh is the last document with its version and a new CSeq."""
        last = document(0, IDLE)
        await server.say(last)
        await self.accept(server)
        await server.say(last)
        await server.advance(11)
        assert server.ends == []
        await server.say(last)
        assert server.ends == ["gw1"]
        assert server.calls[-1].call.cause == "not reported by the server"

    async def test_a_call_in_a_document_continues(self, server: Server):
        await self.accept(server)
        await server.say(document(50, dialog("gw1", "early", NUMBER)))
        await server.advance(120)
        assert server.ends == []
        assert server.running == ["gw1"]

    async def test_without_a_connection_the_timeout_is_extended(self, server: Server):
        await self.accept(server)
        server.network = False
        await server.drop()
        await server.advance(120)
        assert server.ends == []
        server.network = True
        await server.advance(60)
        assert server.ends == ["gw1"]

    async def test_a_call_that_ended_before_the_timeout_ends_once(self, server: Server):
        await self.accept(server)
        await server.say(document(50, dialog("gw1", "early", NUMBER)))
        await server.say(document(51, dialog("gw1", "terminated", NUMBER)))
        await server.advance(31)
        assert server.ends == ["gw1"]


# FreeSWITCH

UUID, OTHER = "7f1a2c9e-30d4-4b52-8f0e-5d1c6a7b8e90", "14323105-4b3c-4d0e-9a57-0d1f2c3b4a59"


def leg(uuid: str, state: str, rendering: str = "yes", caller: str = "10003") -> str:
    if state == "terminated":
        return f'<dialog id="{uuid}" direction="recipient"><state>terminated</state></dialog>'
    return (
        f'<dialog id="{uuid}" direction="recipient"><state>{state}</state>'
        '<local><identity display="10002">sip:10002@192.0.2.10</identity>'
        f'<target uri="sip:10002@192.0.2.10"><param pname="+sip.rendering" pvalue="{rendering}"/>'
        f'</target></local><remote><identity display="{caller}">sip:{caller}@192.0.2.10</identity>'
        '<target uri="sip:**10002@192.0.2.10"/></remote></dialog>'
    )


class TestHold:
    async def test_early_without_media_after_confirmed_is_on_hold(self, server: Server):
        await server.say_all([
            leg(UUID, "early"), leg(UUID, "confirmed"), leg(UUID, "early", "no"),
            leg(UUID, "confirmed"), leg(UUID, "early", "no"), leg(UUID, "terminated"),
        ])  # fmt: skip
        assert server.sip_statuses[:-1] == [
            C.RINGING, C.CONNECTED, C.ON_HOLD, C.CONNECTED, C.ON_HOLD,
        ]  # fmt: skip
        assert server.ends == [UUID]
        assert {event.call.source for event in server.calls} == {"10003"}

    async def test_early_without_media_before_confirmed_is_not_on_hold(self, server: Server):
        await server.say_all([leg(UUID, "early", "no"), leg(UUID, "confirmed")])
        assert server.sip_statuses == [C.RINGING, C.CONNECTED]

    async def test_a_call_that_is_resumed_after_its_end_is_a_new_call(self, server: Server):
        """``presence-hold-state=terminated``."""
        states = ("early", "confirmed", "terminated", "confirmed", "terminated")
        await server.say_all(leg(UUID, state) for state in states)
        assert len(server.ends) == len(set(server.ends)) == 2
        assert server.ends[0] == UUID

    async def test_a_call_that_a_page_knew_as_connected_is_on_hold(self, server: Server):
        await server.say_all([leg(UUID, "early"), leg(UUID, "confirmed")])
        known = server.calls[-1].call
        other = await logged_in(known, first=document(0, leg(UUID, "early", "no")))
        assert other.running == [UUID]
        await other.say(document(60, leg(UUID, "confirmed")))
        assert other.sip_statuses[-1] is C.CONNECTED

    async def test_hold_is_read_from_a_side_without_an_identity(self, server: Server):
        held = (
            f'<dialog id="{UUID}" direction="initiator"><state>confirmed</state>'
            '<local><target uri="sip:10002@192.0.2.10">'
            '<param pname="+sip.rendering" pvalue="no"/></target></local>'
            "<remote></remote></dialog>"
        )
        await server.say_all([leg(UUID, "confirmed"), held, leg(UUID, "confirmed")])
        assert server.sip_statuses == [C.CONNECTED, C.ON_HOLD, C.CONNECTED]
        assert server.calls[-1].call.id == UUID


class TestFullDocumentsWithTheOneDialogThatChanged:
    async def test_two_calls_of_one_user_both_continue(self, server: Server):
        a, b = leg(UUID, "confirmed"), leg(OTHER, "confirmed", caller="10004")
        server.fetched = document(60, a, b)
        await server.say(document(50, a))
        for version, state in enumerate(("early", "confirmed", "confirmed"), 51):
            await server.say(document(version, leg(OTHER, state, "yes", "10004")))
        await server.advance(30)
        assert server.ends == []
        assert server.running == [UUID, OTHER]
        server.fetched = document(61, a)
        await server.say(document(55, leg(OTHER, "terminated")))
        await server.advance(30)
        assert (server.ends, server.running) == ([OTHER], [UUID])

    async def test_no_call_ends_before_the_fetched_state_arrives(self, server: Server):
        server.fetched = None
        await server.say(document(50, leg(UUID, "confirmed")))
        for version, state in enumerate(("early", "confirmed", "early", "confirmed"), 51):
            await server.say(document(version, leg(OTHER, state)))
        assert server.ends == []

    async def test_a_call_that_the_fetched_state_omits_too_has_ended(self, server: Server):
        server.fetched = document(60, leg(OTHER, "early"))
        await server.say(document(50, leg(UUID, "confirmed")))
        await server.say(document(51, leg(OTHER, "early")))
        await server.advance(30)
        assert (server.ends, server.running) == ([UUID], [OTHER])

    async def test_an_idle_user_is_a_document_without_dialogs(self, server: Server):
        await server.say(document(50, leg(UUID, "confirmed")))
        server.fetched = EMPTY % 51
        await server.say(EMPTY % 52)
        assert server.ends == [UUID]

    async def test_a_server_that_answers_no_refresh_gets_a_new_subscription(self, server: Server):
        server.fetched = None
        await server.say(document(50, leg(UUID, "confirmed")))
        await server.say(document(51, leg(OTHER, "early")))
        server.first = document(0, leg(OTHER, "early"))
        await server.advance(30)
        assert (server.ends, server.running) == ([UUID], [OTHER])


class TestIds:
    async def test_a_uuid_that_starts_with_digits_is_not_split(self, server: Server):
        await server.say_all([leg(OTHER, "early"), leg(OTHER, "terminated")])
        assert {event.call.id for event in server.calls} == {OTHER}


# Small PBXs


class TestVersions:
    @pytest.mark.parametrize(
        "versions",
        [(1, 1, 1, 1), (99998, 99999, 0, 1), (17, 18, 18, 18), (1, 0, 0, 0)],
        ids=["always the same", "a clock that wraps", "several in a second", "restarted"],
    )
    async def test_the_cseq_gives_the_order(self, server: Server, versions: tuple[int, ...]):
        states = (None, "early", "confirmed", "terminated")
        for version, state in zip(versions, states, strict=True):
            dialogs = [dialog("77", state, direction="recipient")] if state else []
            await server.say(document(version, *dialogs))
        assert server.sip_statuses[:2] == [C.RINGING, C.CONNECTED]
        assert server.ends == ["77"]

    async def test_a_partial_document_fetches_the_full_state(self, server: Server):
        await server.say(document(1))
        server.fetched = document(1, dialog("77", "early"))
        await server.say(document(1, dialog("77", "early"), full=False))
        assert server.sip_statuses == [C.RINGING]
        server.fetched = document(1)
        await server.say(document(1, dialog("77", "terminated"), full=False))
        await server.advance(30)
        assert server.ends == ["77"]

    async def test_an_out_of_order_notify_is_ignored(self, server: Server):
        """Kamailio: lower version and lower CSeq."""
        early = server.next_document(dialog("77", "early"))
        confirmed = server.next_document(dialog("77", "confirmed"))
        server.deliver(confirmed)
        server.deliver(early)
        await server.settle()
        assert server.sip_statuses == [C.CONNECTED]


class TestText:
    @pytest.mark.parametrize("before", ["\n", "\r\n\r\n", " \t\n", "\ufeff", "\ufeff\n"])
    async def test_text_before_the_document_is_skipped(self, server: Server, before: str):
        await server.say(before + document(50, dialog("77", "early")))
        assert server.socket.sent[-1].startswith("SIP/2.0 200 OK")
        assert server.sip_statuses == [C.RINGING]


class TestAnsweredElsewhere:
    RINGS = '<dialog id="77" direction="recipient"><state>early</state></dialog>'

    @pytest.mark.parametrize(
        ("state", "headers"),
        [
            ('<state event="cancelled" code="200">terminated</state>', ()),
            (
                "<state>terminated</state>",
                ('Reason: SIP;cause=200;text="Call completed elsewhere"',),
            ),
            ("<state>terminated</state>", ("Reason: SIP ; cause=200",)),
            ("<state>terminated</state>", ('Reason: Q.850;cause=16, SIP;cause=200;text="x"',)),
            ("<state>terminated</state>", ('Reason: Q.850;cause=26;text="answered"',)),
            ('<state event="cancelled">terminated</state>', ("Reason: SIP;cause=200",)),
            ('<state event="cancelled" code="487">terminated</state>', ("Reason: SIP;cause=200",)),
            ('<state reason="Call completed elsewhere">terminated</state>', ()),
            ("<state>terminated</state><note>Call Completed Elsewhere</note>", ()),
        ],
    )
    async def test_answered_elsewhere_is_the_cause(
        self, server: Server, state: str, headers: tuple[str, ...]
    ):
        await server.say(document(50, self.RINGS))
        ended = f'<dialog id="77" direction="recipient">{state}</dialog>'
        await server.say(document(51, ended), *headers)
        assert server.ends == ["77"]
        assert server.calls[-1].call.cause == "answered elsewhere"

    @pytest.mark.parametrize(
        ("state", "headers", "cause"),
        [
            ('<state event="cancelled">terminated</state>', (), "cancelled"),
            ('<state event="cancelled" code="487">terminated</state>', (), "cancelled"),
            ('<state event="rejected" code="200">terminated</state>', (), "rejected"),
            ("<state>terminated</state>", ("Reason: SIP;cause=2000",), ""),
            ("<state>terminated</state>", ("Reason: Q.850;cause=16",), ""),
            ('<state code="486">terminated</state>', ("Reason: SIP;cause=200",), "busy"),
        ],
    )  # fmt: skip
    async def test_answered_elsewhere_needs_evidence(
        self, server: Server, state: str, headers: tuple[str, ...], cause: str
    ):
        await server.say(document(50, self.RINGS))
        await server.say(document(51, f'<dialog id="77">{state}</dialog>'), *headers)
        assert server.calls[-1].call.cause == cause

    async def test_a_call_that_continues_is_not_changed(self, server: Server):
        other = '<dialog id="78" direction="recipient"><state>early</state></dialog>'
        await server.say(document(50, self.RINGS, other))
        ended = '<dialog id="77"><state>terminated</state></dialog>'
        await server.say(document(51, ended, other), "Reason: SIP;cause=200")
        assert (server.ends, server.running) == (["77"], ["78"])


class TestLamps:
    PARKED = (
        '<dialog id="701"><state>confirmed</state>'
        "<remote><identity>sip:10003@192.0.2.10</identity></remote></dialog>"
    )

    @pytest.mark.parametrize(
        "off",
        ['<dialog id="701"><state>terminated</state></dialog>', '<dialog id="701"/>', ""],
        ids=["terminated", "without a state", "left out"],
    )
    async def test_a_lamp_without_a_direction_is_an_outbound_call_until_it_goes_out(
        self, server: Server, off: str
    ):
        await server.say(document(50, self.PARKED))
        (event,) = server.calls
        assert (event.call.direction, event.call.destination) == ("OUTBOUND", "10003")
        server.fetched = document(52, off)
        await server.say(document(51, off))
        await server.advance(30)
        assert (server.ends, server.running) == (["701"], [])

    async def test_a_lamp_may_be_used_again(self, server: Server):
        off = '<dialog id="701"><state>terminated</state></dialog>'
        await server.say_all([self.PARKED, off, self.PARKED, off])
        assert len(server.ends) == len(set(server.ends)) == 2

    async def test_an_unknown_state_reports_no_call(self, server: Server):
        await server.say(document(50, '<dialog id="dnd"><state>dnd</state></dialog>'))
        assert server.calls == []


class TestOpenSips:
    async def test_an_idle_extension_with_an_unknown_dialog_has_no_calls(self, server: Server):
        idle = (
            '<dialog id="zzz" direction="receiver"><state>terminated</state><remote><local>'
            '<identity display="10002">sip:10002@pbx.test</identity></local></remote></dialog>'
        )
        await server.say_all([idle, dialog("77", "early"), idle])
        await server.advance(30)
        assert server.ends == ["77"]

    async def test_a_partial_answer_to_a_refresh_is_not_fetched_repeatedly(self, server: Server):
        server.first = server.fetched = document(60, IDLE, full=False)
        await server.drop()
        await server.advance(60)
        before = len(server.subscribes)
        await server.say(document(61, dialog("77", "early"), full=False))
        await server.advance(60)
        assert len(server.subscribes) == before
        assert server.sip_statuses == [C.RINGING]


async def test_an_identity_without_a_scheme_has_a_number(server: Server):
    """sipXecs sends such an identity."""
    element = (
        '<dialog id="77" direction="recipient"><state>early</state>'
        "<local><identity>10002@192.0.2.10:5120</identity></local>"
        "<remote><identity>4444@192.0.2.10</identity></remote></dialog>"
    )
    await server.say(document(50, element))
    assert (server.calls[0].call.source, server.calls[0].call.destination) == ("4444", "10002")


# Documents that Asterisk 22 sent, unmodified

DATA = Path(__file__).parent / "data" / "asterisk"


def recorded(name: str, user: str = "10002") -> list[str]:
    files = DATA.glob(f"{name}.{user}.*.xml")
    return [
        file.read_bytes().decode()
        for file in sorted(files, key=lambda file: int(file.name.split(".")[-2]))
    ]


@pytest.mark.parametrize(
    ("name", "told", "sources"),
    [
        ("second_call", [C.RINGING, C.CONNECTED, None, C.RINGING, C.CONNECTED, None],
         ["10003", "10004"]),
        ("call_waiting", [C.RINGING, C.CONNECTED, None], ["10003"]),
        ("hold", [C.RINGING, C.CONNECTED, C.ON_HOLD, C.CONNECTED, None], ["10003"]),
        ("park", [C.RINGING, C.CONNECTED, None, C.CONNECTED, None], ["10003", ""]),
    ],
)  # fmt: skip
async def test_the_recorded_documents_of_asterisk(
    server: Server, name: str, told: list[CallStatus | None], sources: list[str]
):
    texts = recorded(name)
    assert texts
    for text in texts:
        await server.say(text)
    assert [None if status.ended else status for status in server.sip_statuses] == told
    by_call = {event.call.id: event.call.source for event in server.calls}
    assert list(by_call.values()) == sources
    assert len(server.ends) == len(by_call)
    assert server.running == []


async def test_a_refresh_of_asterisk_repeats_the_last_document(server: Server):
    texts = recorded("refresh", "10005")
    assert texts[0] == texts[-1]
    for text in texts:
        await server.say(text)
    assert server.calls == []
