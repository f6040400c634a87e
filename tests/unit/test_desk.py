"""Names, notes and the call log, in a program on CPython."""

from __future__ import annotations

import asyncio
import logging

import pytest

from pycti.contacts.call_log import LogRecord
from pycti.contacts.lookup import TIMEOUT
from pycti.contacts.names import AGAIN
from pycti.errors import CtiError
from pycti.events import Call, CallEvent

from .documents import dialog, incoming
from .world import World

NUMBER = "+442036427900"


class Directory:
    """Answers when the test requests it."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answers: list[asyncio.Future[object]] = []

    async def __call__(self, number: str, call: Call) -> object:
        assert number == call.other_number
        self.asked.append(number)
        self.answers.append(asyncio.get_running_loop().create_future())
        return await self.answers[-1]


class Office(World):
    """A world whose connector has callbacks for contacts and log records."""

    def __init__(self, **options: object) -> None:
        self.directory = Directory()
        self.contacts: list[tuple[str, object]] = []
        self.records: list[LogRecord] = []
        given: dict[str, object] = {
            "lookup": self.directory,
            "on_contact": lambda call, contact: self.contacts.append((call.other_name, contact)),
            "on_log": self.records.append,
        }
        super().__init__(**{**given, **options})

    async def answer(self, contact: object) -> None:
        self.directory.answers[-1].set_result(contact)
        await self.settle()

    @property
    def names_told(self) -> list[str]:
        return [event.call.other_name for event in self.events if isinstance(event, CallEvent)]

    async def end(self) -> None:
        await self.connector.aclose()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


@pytest.fixture
async def office():
    office = Office()
    await office.log_in()
    yield office
    await office.end()


class TestLookup:
    async def test_events_do_not_wait_for_the_name(self, office: Office):
        await office.dialogs(incoming("143-1", "early"))
        assert office.told == ["RINGING 143"]
        await office.answer({"name": "Ada", "id": 7})
        assert office.contacts == [("Ada", {"name": "Ada", "id": 7})]
        assert [call.source_name for call in office.connector.calls] == ["Ada"]
        await office.dialogs(incoming("143-1", "confirmed"))
        assert office.names_told == ["", "Ada"]

    async def test_the_event_of_a_command_has_the_name_too(self, office: Office):
        office.api["POST /calls"] = (201, {"data": {"id": 143}})
        held = office.hold("POST /calls")
        task = office.start(office.connector.call("1003"))
        await office.settle()
        await office.answer({"name": "Ada"})
        held.set_result((201, {"data": {"id": 143}}))
        await office.settle()
        outcome = await task
        assert isinstance(outcome, CallEvent)
        assert outcome.call.destination_name == "Ada"

    async def test_a_number_is_looked_up_once(self, office: Office):
        await office.dialogs(incoming("143-1", "early"))
        await office.dialogs(incoming("143-1", "early"), incoming("144-1", "early"))
        await office.answer({"name": "Ada"})
        await office.dialogs(incoming("145-1", "early"))
        assert office.directory.asked == [NUMBER]
        assert len(office.contacts) == 2

    async def test_a_caller_without_a_number_is_not_looked_up(self, office: Office):
        await office.dialogs(incoming("143-1", "early", "anonymous"))
        assert office.directory.asked == []

    async def test_an_unknown_number_has_no_contact(self, office: Office):
        await office.dialogs(incoming("143-1", "early"))
        await office.answer(None)
        assert office.contacts == [("", None)]
        await office.dialogs(incoming("143-1", "confirmed"))
        assert len(office.directory.asked) == 1
        await office.advance(AGAIN)
        await office.dialogs(incoming("143-1", "confirmed"), incoming("144-1", "early"))
        assert len(office.directory.asked) == 2

    @pytest.mark.parametrize("nonsense", [5, "Ada", {}, {"name": 7}, {"name": "Ada", "x": {1}}])
    async def test_an_invalid_contact_is_ignored_and_logged(self, office: Office, nonsense, caplog):
        await office.dialogs(incoming("143-1", "early"))
        with caplog.at_level(logging.WARNING):
            await office.answer(nonsense)
        assert "invalid contact" in caplog.text
        assert office.contacts == [("", None)]

    async def test_an_exception_of_the_directory_only_loses_the_name(self, office: Office, caplog):
        await office.dialogs(incoming("143-1", "early"))
        with caplog.at_level(logging.WARNING):
            office.directory.answers[-1].set_exception(OSError("no network, and a s3cret"))
            await office.settle()
        assert "OSError" in caplog.text
        assert "s3cret" not in caplog.text
        assert office.contacts == [("", None)]

    async def test_a_lookup_without_an_answer_times_out(self, office: Office):
        await office.dialogs(incoming("143-1", "early"))
        await office.advance(TIMEOUT - 1)
        assert office.contacts == []
        await office.advance(1)
        assert office.contacts == [("", None)]
        assert office.directory.answers[-1].cancelled()

    async def test_a_directory_that_is_set_later_is_asked_about_running_calls(self):
        office = Office(lookup=None)
        await office.log_in()
        await office.dialogs(incoming("143-1", "early"))
        office.connector.enrichment.lookup = office.directory
        await office.settle()
        assert office.connector.enrichment.lookup is office.directory
        await office.answer({"name": "Ada"})
        assert office.contacts == [("Ada", {"name": "Ada"})]
        await office.end()

    async def test_answers_can_be_forgotten(self, office: Office):
        await office.dialogs(incoming("143-1", "early"))
        await office.answer({"name": "Ada"})
        office.connector.enrichment.forget_answers()
        await office.dialogs(incoming("143-1", "confirmed"))
        await office.answer({"name": "Bea"})
        assert [name for name, _ in office.contacts] == ["Ada", "Bea"]

    async def test_the_end_of_the_session_forgets_answers_and_pending_lookups(self, office: Office):
        await office.dialogs(incoming("143-1", "early"))
        await office.answer({"name": "Ada"})
        await office.dialogs(incoming("143-1", "early"), incoming("144-1", "early", "+44999999"))
        await office.connector.logout()
        await office.settle()
        assert office.directory.answers[-1].cancelled()
        assert len(office.contacts) == 1
        await office.log_in()
        await office.dialogs(incoming("145-1", "early"))
        assert len(office.directory.asked) == 3

    async def test_an_exception_of_a_callback_is_logged_and_ignored(self, caplog):
        def fail(*_: object) -> None:
            raise RuntimeError("mine")

        office = Office(on_contact=fail, on_log=fail)
        await office.log_in()
        await office.dialogs(incoming("143-1", "early"))
        await office.answer({"name": "Ada"})
        await office.dialogs()
        assert office.told == ["RINGING 143", "HANGUP 143"]
        assert caplog.text.count("a callback raised") == 2
        await office.end()

    async def test_calls_work_without_a_directory_or_log(self, ready: World):
        await ready.dialogs(incoming("143-1", "early"))
        await ready.dialogs()
        assert ready.told == ["RINGING 143", "HANGUP 143"]


class TestLog:
    async def test_an_ended_call_is_logged_once_after_its_event(self):
        order: list[str] = []
        office = Office(
            lookup=None,
            on_message=lambda event: order.append(str(event.name)),
            on_log=lambda record: order.append(record.key),
        )
        await office.log_in()
        order.clear()
        await office.dialogs(incoming("143-1", "early"))
        await office.dialogs()
        await office.dialogs()
        assert order == ["RINGING", "HANGUP", "10002@pbx.test/143"]
        await office.end()

    async def test_a_record_has_the_observed_times(self, office: Office):
        await office.dialogs(incoming("143-1", "early"))
        await office.answer({"name": "Ada"})
        began = office.platform.wall()
        await office.advance(5)
        await office.dialogs(incoming("143-1", "confirmed"))
        await office.advance(60)
        await office.dialogs()
        (record,) = office.records
        assert (record.call.start_time, record.call.answer_time) == (began, began + 5000)
        assert (record.end_time, record.duration) == (began + 65_000, 60)

    async def test_a_record_of_an_unobserved_end_has_no_end_time(self, office: Office):
        await office.dialogs(incoming("143-1", "early"))
        await office.answer(None)
        await office.dialogs(incoming("143-1", "confirmed"))
        await office.drop()
        await office.advance(60)
        await office.dialogs()
        (record,) = office.records
        assert (record.outcome, record.end_time, record.duration) == ("answered", None, None)

    async def test_a_call_that_fails_without_an_id_is_logged(self, office: Office):
        office.api["POST /calls"] = (400, {"message": "No phone."})
        with pytest.raises(CtiError):
            await office.connector.call("+44999999")
        await office.answer(None)
        (record,) = office.records
        assert record.key == f"10002@pbx.test/{record.call.request_id}"
        assert (record.outcome, record.call.cause) == ("failed", "No phone.")
        assert record.end_time is not None

    async def test_a_record_waits_for_the_name(self, office: Office):
        await office.dialogs(incoming("143-1", "early"))
        await office.dialogs()
        assert (office.told, office.records) == (["RINGING 143", "HANGUP 143"], [])
        await office.answer({"name": "Ada"})
        (record,) = office.records
        assert (record.call.source_name, record.contact) == ("Ada", {"name": "Ada"})

    async def test_a_record_does_not_wait_beyond_the_session(self, office: Office):
        await office.dialogs(incoming("143-1", "early"))
        await office.dialogs()
        await office.connector.logout()
        assert [record.key for record in office.records] == ["10002@pbx.test/143"]

    async def test_a_record_does_not_wait_beyond_close(self, office: Office):
        await office.dialogs(incoming("143-1", "early"))
        await office.dialogs()
        await office.connector.aclose()
        await office.settle()
        assert [record.key for record in office.records] == ["10002@pbx.test/143"]
        assert office.directory.answers[-1].cancelled()


class TestNote:
    async def test_notes_are_part_of_the_record(self, office: Office):
        await office.dialogs(incoming("143-1", "early"))
        await office.answer(None)
        assert await office.connector.note("143", "Wants a quote.") == "Wants a quote."
        assert await office.connector.note("143") == "Wants a quote."
        await office.dialogs()
        assert await office.connector.note("143", "Wants two.") == "Wants two."
        assert [record.notes for record in office.records] == ["Wants a quote.", "Wants two."]

    async def test_notes_end_with_the_session(self, office: Office):
        await office.dialogs(incoming("143-1", "early"))
        await office.connector.note("143", "Wants a quote.")
        await office.connector.logout()
        await office.log_in()
        await office.dialogs(incoming("143-1", "early"))
        assert await office.connector.note("143") == ""

    async def test_notes_can_be_written_while_the_connection_is_lost(self, office: Office):
        await office.dialogs(incoming("143-1", "early"))
        await office.drop()
        assert await office.connector.note("143", "Line dropped.") == "Line dropped."

    @pytest.mark.parametrize(
        ("arguments", "code"),
        [
            (("999", "x"), "UNKNOWN_CALL"),
            (("777", "x"), "UNKNOWN_CALL"),
            (("143", "x" * 10_001), "BAD_ARGUMENT"),
        ],
    )
    async def test_invalid_notes_are_rejected(self, office: Office, arguments, code: str):
        await office.follow("queue:77")
        await office.dialogs(dialog("777-1", "early"), of="queue-77")
        await office.dialogs(incoming("143-1", "early"))
        with pytest.raises(CtiError) as caught:
            await office.connector.note(*arguments)
        assert caught.value.code == code
        assert office.last_error.code == code
