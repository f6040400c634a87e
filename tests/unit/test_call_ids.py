"""Call ids: two calls never have the same id, even if their dialog ids are equal."""

from __future__ import annotations

from pycti.calls.ids import REMEMBERED, CallIds
from pycti.sip.dialog_info import Dialog

from .documents import dialog
from .phone import WALL, Phone


def named(identifier: str) -> Dialog:
    return Dialog(identifier, "early", incoming=True)


def test_a_unique_dialog_id_is_the_call_id():
    ids = CallIds(lambda node, call_id: False)
    assert ids.make("user:103", named("143-1"), WALL) == "143"
    assert ids.make("user:103", named("a-b"), WALL) == "a-b"


def test_an_extension_is_never_a_call_id():
    ids = CallIds(lambda node, call_id: False)
    assert ids.make("user:103", named("103"), WALL) == f"103{WALL // 1000}"
    assert ids.make("queue:77", named("queue-77"), WALL) == f"queue-77~{WALL // 1000}"
    assert ids.make("user:104", named("103"), WALL) == "103"


def test_two_calls_within_a_second_have_different_ids():
    phone = Phone()
    for state in ("early", "terminated", "early", "terminated", "early"):
        phone.partial(dialog("10002", state))
    assert len({event.call.id for event in phone.events}) == 3


def test_the_id_of_a_forgotten_call_is_not_reused():
    phone = Phone()
    for state in ("early", "terminated"):
        phone.partial(dialog("701", state))
    phone.now += 61
    phone.table.purge(phone.now)
    phone.partial(dialog("701", "early"))
    first, *_, second = [event.call.id for event in phone.events]
    assert (first, second) == ("701", f"701{phone.wall // 1000}")


def test_a_call_of_an_earlier_worker_is_found_by_its_dialog_id():
    ids = CallIds(lambda node, call_id: False)
    made = ids.make("user:103", named("103"), WALL)
    others = ["143", "103", "1031", f"104{WALL // 1000}", f"103~{WALL // 1000}"]
    assert CallIds(lambda node, call_id: False).resume("user:103", "103", [*others, made]) == made
    assert ids.resume("user:103", "103", others) is None


def test_the_memory_is_bounded_and_keeps_running_calls():
    running = "a"
    ids = CallIds(lambda node, call_id: call_id == running)
    ids.note("user:103", "kept", running)
    ids.note("user:103", "first", "b")
    for number in range(REMEMBERED):
        ids.note("user:103", f"uuid-{number}", f"uuid-{number}")
    assert len(ids._latest) == REMEMBERED
    assert ids.latest("user:103", "kept") == running
    assert ids.latest("user:103", "first") == "first"


def test_a_refused_request_does_not_hide_the_next_call():
    """A dialog that was attributed to the refused request is over when it terminates."""
    phone = Phone()
    phone.begin()
    phone.partial(dialog("10002", "early"))
    phone.refused()
    assert phone.partial(dialog("10002", "confirmed")) == []
    assert phone.partial(dialog("10002", "terminated")) == []
    assert len(phone.partial(dialog("10002", "early", "+34911234567"))) == 1


def test_a_call_that_full_documents_omit_is_over_too():
    phone = Phone()
    phone.begin()
    phone.full(dialog("10002", "early"))
    phone.refused()
    phone.full(dialog("10002", "confirmed"))
    phone.full()
    assert len(phone.full(dialog("10002", "early", "+34911234567"))) == 1
