"""The answers of the user's directory, and the names that they fill in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pycti.contacts.names import AGAIN, LENGTH, LIMIT, Contacts, key_of, read_contact
from pycti.events import Call, CallStatus, Direction

CALL = Call("143", "1", "user:10002", Direction.IN, CallStatus.RINGING, "+442036427900", "",
            "10002", "Anna")  # fmt: skip
ADA = {"name": "Ada", "id": 7}


def knowing(number: str, contact: dict[str, object] | None = ADA) -> Contacts:
    contacts = Contacts()
    contacts.learn(key_of(number), contact, 0)
    return contacts


class TestReading:
    def test_a_contact_is_copied(self):
        given = {"name": "Ada", "tags": ["vip"]}
        contact = read_contact(given)
        given["tags"].append("late")  # type: ignore[attr-defined]
        assert contact == {"name": "Ada", "tags": ["vip"]}

    @pytest.mark.parametrize(
        "value",
        [
            None,
            5,
            "Ada",
            [],
            {},
            {"name": None},
            {"name": 5},
            {"name": "Ada", "since": object()},
            {"name": "Ada", "height": float("nan")},
            {"name": "Ada", "notes": "x" * LENGTH},
        ],
    )
    def test_an_invalid_contact_is_rejected(self, value: object):
        assert read_contact(value) is None

    def test_a_recursive_contact_is_rejected(self):
        contact: dict[str, object] = {"name": "Ada"}
        contact["self"] = contact
        assert read_contact(contact) is None


class TestNames:
    @pytest.mark.parametrize("source", ["+442036427900", "442036427900", "+44 20 3642 7900"])
    def test_the_caller_is_named_in_any_spelling_of_the_number(self, source: str):
        call = replace(CALL, source=source)
        assert knowing("+442036427900").named(call) == replace(call, source_name="Ada")

    def test_the_destination_of_an_outbound_call_is_named(self):
        call = replace(CALL, direction=Direction.OUT, source="10002", destination="1003",
                       destination_name="")  # fmt: skip
        assert knowing("1003").named(call) == replace(call, destination_name="Ada")

    @pytest.mark.parametrize("name", ["", "+442036427900", "020 3642 7900", "442036427900"])
    def test_a_name_that_is_the_number_is_replaced(self, name: str):
        assert knowing("+442036427900").named(replace(CALL, source_name=name)).source_name == "Ada"

    @pytest.mark.parametrize("name", ["Alex Morgan", "Room 442036427900", "1003"])
    def test_a_name_from_the_network_is_kept(self, name: str):
        call = replace(CALL, source_name=name)
        assert knowing("+442036427900").named(call) is call

    def test_an_unknown_number_gets_no_name(self):
        assert knowing("+442036427901").named(CALL) is CALL
        assert knowing("+442036427900", None).named(CALL) is CALL
        assert Contacts().named(CALL) is CALL


class TestMemory:
    def test_a_known_number_is_not_looked_up_again(self):
        contacts = knowing("1003")
        assert contacts.settled("1003", 10_000)
        assert not contacts.settled("1004", 0)

    def test_an_unknown_number_is_looked_up_again_later(self):
        contacts = knowing("1003", None)
        assert contacts.settled("1003", AGAIN - 1)
        assert not contacts.settled("1003", AGAIN)

    def test_the_oldest_answer_is_dropped_first(self):
        contacts = knowing("1")
        for number in range(2, LIMIT + 1):
            contacts.learn(str(number), ADA, 0)
        contacts.learn("1", ADA, 0)
        contacts.learn(str(LIMIT + 1), ADA, 0)
        assert not contacts.settled("2", 0)
        assert contacts.settled("1", 0)
        assert contacts.settled("3", 0)

    def test_clear_forgets_all_answers(self):
        contacts = knowing("+442036427900")
        contacts.clear()
        assert contacts.of(CALL) is None
