"""The listeners of a worker's pages: the front page, pops, names, and the call log."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from pycti.contacts.lookup import TIMEOUT
from pycti.pages.screen_pops import PATIENCE

from .documents import incoming
from .pages import Office

NUMBER = "+442036427900"
ADA = {"name": "Ada"}


class Enrichment(Office):
    """Pages that send hello with their listeners."""

    async def open(self, page: int, *names: str, pop: str = "active", **more: Any) -> None:
        """Open a page that has the focus."""
        self.send(
            page, "hello", options={"apiEndpoint": "https://api.test/v1"}, token=None, nodes=[],
            calls=more.pop("calls", []), listen={"names": names, "pop": pop},
            focus={"focused": True, "visible": True}, **more,
        )  # fmt: skip
        await self.settle()

    def focus(self, page: int) -> None:
        self.send(page, "focus", focused=True, visible=True)

    def listen(self, page: int, *names: str, pop: str = "active", **more: Any) -> None:
        self.send(page, "listen", names=names, pop=pop, **more)

    async def answer(self, page: int, contact: object) -> None:
        """Answer the last lookup that the page received."""
        question = self.of(page, "lookup")[-1]
        self.send(page, "contact", id=question["id"], number=question["number"], contact=contact)
        await self.settle()

    def pops(self, page: int) -> list[str]:
        return [message["call"]["id"] for message in self.of(page, "pop")]

    def keys(self, page: int) -> list[str]:
        return [message["record"]["key"] for message in self.of(page, "log")]

    def fronts(self, page: int) -> list[bool]:
        return [message["front"] for message in self.of(page, "front")]


@pytest.fixture
async def desk() -> AsyncIterator[Enrichment]:
    """A worker whose user is logged in, with one page without listeners."""
    desk = Enrichment()
    await desk.log_in_page()
    yield desk
    await desk.connector.aclose()
    if desk.worker._connector is not None:
        await desk.worker._connector.aclose()


class TestFront:
    async def test_pages_are_informed_when_the_front_page_changes(self, desk: Enrichment):
        await desk.open(2)
        await desk.open(3)
        desk.focus(2)
        desk.focus(2)
        assert (desk.fronts(1), desk.fronts(2), desk.fronts(3)) == (
            [False],
            [True, False, True],
            [True, False],
        )

    @pytest.mark.parametrize("word", ["bye", "away"])
    async def test_the_next_page_comes_to_the_front_when_a_page_goes(
        self, desk: Enrichment, word: str
    ):
        await desk.open(2)
        await desk.open(3)
        desk.send(3, word)
        assert (desk.fronts(2), desk.fronts(3)) == ([True, False, True], [True])

    async def test_a_page_that_sends_hello_again_is_informed_again(self, desk: Enrichment):
        await desk.open(2)
        await desk.open(2)
        assert desk.fronts(2) == [True, True]

    async def test_a_page_comes_back_with_its_next_focus_message(self, desk: Enrichment):
        await desk.open(2)
        desk.send(2, "away")
        desk.listen(2)
        desk.focus(2)
        assert desk.fronts(2) == [True, True]

    async def test_a_bye_of_an_unknown_page_is_ignored(self):
        desk = Enrichment()
        desk.send(9, "bye")
        desk.send(9, "away")
        assert desk.posts == []


class TestPops:
    async def test_a_call_pops_in_the_front_page_of_those_that_listen(self, desk: Enrichment):
        await desk.open(2, "pop")
        await desk.open(3, "pop")
        await desk.open(4)
        desk.focus(2)
        desk.focus(4)
        await desk.dialogs(incoming("143-1", "early"))
        assert [desk.pops(page) for page in (1, 2, 3, 4)] == [[], ["143"], [], []]
        assert desk.of(2, "pop")[0]["contact"] is None

    async def test_a_call_pops_only_once(self, desk: Enrichment):
        await desk.open(2, "pop")
        await desk.dialogs(incoming("143-1", "early"))
        await desk.open(3, "pop")
        desk.focus(2)
        await desk.drop()
        await desk.advance(30)
        await desk.dialogs(incoming("143-1", "early"))
        await desk.dialogs(incoming("143-1", "confirmed"))
        assert (desk.pops(2), desk.pops(3)) == (["143"], [])

    async def test_a_call_without_listeners_pops_in_the_next_page(self, desk: Enrichment):
        await desk.open(2, "pop", pop="none")
        await desk.dialogs(incoming("143-1", "early"))
        await desk.open(3, "pop")
        assert (desk.pops(2), desk.pops(3)) == ([], ["143"])

    async def test_a_call_that_was_answered_does_not_pop(self, desk: Enrichment):
        await desk.dialogs(incoming("143-1", "early"))
        await desk.dialogs(incoming("143-1", "confirmed"))
        await desk.open(2, "pop")
        assert desk.pops(2) == []

    async def test_pages_with_pop_all_receive_every_pop(self, desk: Enrichment):
        await desk.open(2, "pop", pop="all")
        await desk.open(3, "pop", pop="all")
        await desk.open(4, "pop")
        await desk.dialogs(incoming("143-1", "early"))
        desk.listen(4, "pop", pop="none")
        desk.listen(3)
        await desk.dialogs(incoming("143-1", "early"), incoming("144-1", "early"))
        pops = [desk.pops(page) for page in (2, 3, 4)]
        assert pops == [["143", "144"], ["143"], ["143"]]

    async def test_a_new_worker_learns_which_calls_have_popped(self):
        desk = Enrichment()
        desk.send(
            1, "hello", options={"apiEndpoint": "https://api.test/v1"}, token="t0ken", nodes=[],
            calls=[], listen={"names": ["pop"], "pop": "active"}, popped=["143", 5],
        )  # fmt: skip
        await desk.settle()
        await desk.dialogs(incoming("143-1", "early"), incoming("144-1", "early"))
        assert desk.pops(1) == ["144"]

    async def test_the_next_session_starts_without_popped_calls(self, desk: Enrichment):
        await desk.open(2, "pop")
        await desk.dialogs(incoming("143-1", "early"))
        await desk.command(2, 1, "logout")
        await desk.command(2, 2, "login", "anna@example.com", "pa55word")
        await desk.dialogs(incoming("143-1", "early"))
        assert desk.pops(2) == ["143", "143"]


class TestPopsAndNames:
    async def test_a_pop_waits_for_the_name(self, desk: Enrichment):
        await desk.open(2, "pop", "lookup")
        await desk.dialogs(incoming("143-1", "early"))
        assert desk.pops(2) == []
        await desk.answer(2, ADA)
        (pop,) = desk.of(2, "pop")
        assert (pop["call"]["sourceName"], pop["contact"]) == ("Ada", ADA)

    async def test_a_pop_does_not_wait_after_an_empty_answer(self, desk: Enrichment):
        await desk.open(2, "pop", "lookup")
        await desk.dialogs(incoming("143-1", "early"))
        await desk.answer(2, None)
        assert desk.pops(2) == ["143"]
        assert desk.of(0, "contact") == []

    async def test_a_pop_waits_at_most_two_seconds_for_the_name(self, desk: Enrichment):
        await desk.open(2, "pop", "lookup")
        await desk.dialogs(incoming("143-1", "early"))
        await desk.advance(PATIENCE - 0.1)
        assert desk.pops(2) == []
        await desk.advance(0.1)
        assert desk.pops(2) == ["143"]
        await desk.answer(2, ADA)
        assert desk.pops(2) == ["143"]

    async def test_a_waiting_pop_is_shown_when_the_call_is_answered(self, desk: Enrichment):
        await desk.open(2, "pop", "lookup")
        await desk.dialogs(incoming("143-1", "early"))
        await desk.dialogs(incoming("143-1", "confirmed"))
        assert desk.pops(2) == ["143"]

    async def test_a_call_that_popped_does_not_pop_in_a_later_page(self, desk: Enrichment):
        await desk.open(2, "pop", "lookup")
        await desk.dialogs(incoming("143-1", "early"))
        desk.send(2, "bye")
        await desk.dialogs(incoming("143-1", "confirmed"))
        await desk.open(3, "pop")
        assert desk.pops(3) == []

    async def test_a_call_that_ends_before_its_pop_does_not_pop(self, desk: Enrichment):
        await desk.open(2, "pop", "lookup")
        await desk.dialogs(incoming("143-1", "early"))
        await desk.dialogs()
        await desk.advance(PATIENCE)
        assert desk.pops(2) == []


class TestLookup:
    async def test_the_front_page_is_asked_for_a_name(self, desk: Enrichment):
        await desk.open(2, "lookup")
        await desk.open(3, "lookup")
        await desk.open(4)
        await desk.dialogs(incoming("143-1", "early"))
        assert (desk.of(2, "lookup"), desk.of(4, "lookup")) == ([], [])
        (question,) = desk.of(3, "lookup")
        assert (question["number"], question["call"]["id"]) == (NUMBER, "143")

    async def test_every_page_receives_the_contact(self, desk: Enrichment):
        await desk.open(2, "lookup")
        await desk.dialogs(incoming("143-1", "early"))
        await desk.answer(2, ADA)
        (told,) = desk.of(0, "contact")
        assert (told["call"]["sourceName"], told["contact"]) == ("Ada", ADA)
        await desk.dialogs(incoming("143-1", "confirmed"))
        assert desk.of(0, "event")[-1]["event"]["call"]["sourceName"] == "Ada"

    async def test_a_later_page_receives_the_contact(self, desk: Enrichment):
        await desk.open(2, "lookup")
        await desk.dialogs(incoming("143-1", "early"), incoming("144-1", "early", "+44999999"))
        question = desk.of(2, "lookup")[0]
        desk.send(2, "contact", id=question["id"], number=question["number"], contact=ADA)
        await desk.settle()
        await desk.open(3)
        assert [told["call"]["id"] for told in desk.of(3, "contact")] == ["143"]
        assert desk.of(3, "event")[-2]["event"]["call"]["sourceName"] == "Ada"

    @pytest.mark.parametrize("word", ["bye", "away"])
    async def test_a_pending_lookup_moves_to_another_page(self, desk: Enrichment, word: str):
        await desk.open(2, "lookup")
        await desk.open(3, "lookup")
        await desk.dialogs(incoming("143-1", "early"))
        desk.send(1, word)
        assert desk.of(2, "lookup") == []
        desk.send(3, word)
        await desk.answer(2, ADA)
        assert desk.of(0, "contact")

    async def test_a_pending_lookup_moves_to_the_next_page_that_opens(self, desk: Enrichment):
        await desk.open(2, "lookup")
        await desk.dialogs(incoming("143-1", "early"))
        desk.send(2, "bye")
        await desk.open(3, "lookup")
        await desk.answer(3, ADA)
        assert desk.of(0, "contact")

    async def test_an_unexpected_answer_is_ignored(self, desk: Enrichment):
        await desk.open(2, "lookup")
        desk.send(2, "contact", id=1, number=NUMBER, contact=ADA)
        await desk.dialogs(incoming("143-1", "early"))
        number = desk.of(2, "lookup")[0]["id"]
        desk.send(2, "contact", id=number, number="+44999999", contact={"name": "Eve"})
        await desk.settle()
        assert desk.of(0, "contact") == []
        for name in ("Ada", "Bea"):
            desk.send(2, "contact", id=number, number=NUMBER, contact={"name": name})
        await desk.settle()
        assert [told["contact"]["name"] for told in desk.of(0, "contact")] == ["Ada"]

    async def test_a_lookup_without_an_answer_times_out(self, desk: Enrichment):
        await desk.open(2, "pop", "lookup")
        await desk.dialogs(incoming("143-1", "early"))
        await desk.advance(TIMEOUT)
        await desk.answer(2, ADA)
        assert desk.of(0, "contact") == []

    async def test_without_a_lookup_listener_no_page_is_asked(self, desk: Enrichment):
        await desk.open(2, "lookup")
        desk.listen(2)
        await desk.dialogs(incoming("143-1", "early"))
        assert desk.of(2, "lookup") == []

    async def test_a_page_with_a_new_directory_is_asked_again(self, desk: Enrichment):
        await desk.open(2, "lookup")
        await desk.dialogs(incoming("143-1", "early"))
        await desk.answer(2, ADA)
        desk.listen(2, "lookup", anew=True)
        await desk.settle()
        await desk.answer(2, {"name": "Bea"})
        assert [told["call"]["sourceName"] for told in desk.of(0, "contact")] == ["Ada", "Bea"]


class TestLog:
    async def end_of(self, desk: Enrichment, *numbers: int) -> None:
        for number in numbers:
            await desk.dialogs(incoming(f"{number}-1", "early"))
            await desk.dialogs(incoming(f"{number}-1", "terminated"))

    async def test_every_listening_page_receives_each_record_once(self, desk: Enrichment):
        await desk.open(2, "log")
        await desk.open(3, "log")
        await self.end_of(desk, 143, 144)
        keys = ["10002@pbx.test/143", "10002@pbx.test/144"]
        assert [desk.keys(page) for page in (1, 2, 3)] == [[], keys, keys]

    async def test_a_record_waits_for_the_first_listening_page(self, desk: Enrichment):
        await self.end_of(desk, 143, 144)
        await desk.open(2, "log")
        assert desk.keys(2) == ["10002@pbx.test/143", "10002@pbx.test/144"]
        for key in desk.keys(2):
            desk.send(2, "logged", key=key)
        await desk.open(3, "log")
        assert desk.keys(3) == []

    @pytest.mark.parametrize("word", ["bye", "away", "listen"])
    async def test_an_unconfirmed_record_goes_to_the_next_page(self, desk: Enrichment, word: str):
        await desk.open(2, "log")
        await self.end_of(desk, 143)
        desk.send(2, word)
        await desk.open(3, "log")
        assert desk.keys(3) == ["10002@pbx.test/143"]

    async def test_a_page_that_listens_again_receives_missed_records(self, desk: Enrichment):
        await desk.open(2, "log")
        desk.listen(2)
        await self.end_of(desk, 143)
        desk.listen(2, "log")
        assert desk.keys(2) == ["10002@pbx.test/143"]

    @pytest.mark.parametrize("word", ["away", "listen"])
    async def test_an_unconfirmed_record_is_sent_again_to_the_same_page(
        self, desk: Enrichment, word: str
    ):
        await desk.open(2, "log")
        await self.end_of(desk, 143)
        desk.send(2, word)
        desk.listen(2, "log")
        assert desk.keys(2) == ["10002@pbx.test/143"] * 2

    async def test_a_record_contains_the_notes_of_any_page(self, desk: Enrichment):
        await desk.open(2, "log")
        await desk.dialogs(incoming("143-1", "early"))
        await desk.command(1, 1, "note", "143", "Wants a quote.")
        await desk.command(2, 2, "note", "143")
        assert desk.of(2, "result")[-1]["value"] == "Wants a quote."
        await desk.dialogs()
        await desk.command(1, 3, "note", "143", "Wants two.")
        assert [told["record"]["notes"] for told in desk.of(2, "log")] == [
            "Wants a quote.",
            "Wants two.",
        ]

    async def test_the_next_user_receives_no_records_of_the_previous_one(self, desk: Enrichment):
        await self.end_of(desk, 143)
        await desk.command(1, 1, "logout")
        await desk.open(2, "log")
        assert desk.keys(2) == []


class TestMalformed:
    @pytest.mark.parametrize(
        "fields",
        [
            {"type": "listen", "names": 5},
            {"type": "listen", "names": [5, {}, "pop"], "pop": {}},
            {"type": "listen"},
            {"type": "focus", "focused": "yes"},
            {"type": "contact"},
            {"type": "contact", "id": [], "number": 5, "contact": 5},
            {"type": "logged"},
            {"type": {}},
        ],
    )
    async def test_malformed_messages_are_ignored(self, desk: Enrichment, fields: dict[str, Any]):
        await desk.open(2, "pop", "log")
        desk.send(3, fields.pop("type"), **fields)
        await desk.dialogs(incoming("143-1", "early"))
        assert desk.pops(2) == ["143"]
