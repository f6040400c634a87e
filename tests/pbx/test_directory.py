"""The dial plan and the names of nodes."""

import pytest

from pycti.errors import ApiError
from pycti.pbx import Kind, demo_directory

DIRECTORY = demo_directory()


@pytest.mark.parametrize(
    ("dialled", "node"),
    [
        ("1003", "user:10003"),
        ("10003", "user:10003"),
        ("770", "queue:77"),
        ("550", "ivr:55"),
        ("600", "conf:123456"),
    ],
)
def test_extensions_and_user_ids_are_dialled_alike(dialled, node):
    assert DIRECTORY.dial(dialled).node == node


@pytest.mark.parametrize("dialled", ["442036427900", "+442036427900"])
def test_a_number_outside_needs_no_plus(dialled):
    party = DIRECTORY.dial(dialled)
    assert (party.kind, party.number, party.name) == (Kind.OUTSIDE, "+442036427900", "Alex Morgan")


def test_an_unknown_number_is_outside_too():
    assert DIRECTORY.dial("34911234567").number == "+34911234567"


@pytest.mark.parametrize(
    "dialled",
    ["", "1", "abc", "44 20 3642 7900", "0442036427900", "1" * 16,
     "1" * 18, "+", "\u0664\u0664\u0662\u0660\u0663\u0666", "1002\n"],
)  # fmt: skip
def test_text_that_is_no_number_is_rejected(dialled):
    with pytest.raises(ApiError, match=r"not a valid number|not an extension") as caught:
        DIRECTORY.dial(dialled)
    assert caught.value.status == 400


@pytest.mark.parametrize("dialled", ["9999", "+1002"])
def test_an_unknown_extension_is_rejected(dialled):
    with pytest.raises(ApiError, match="not an extension"):
        DIRECTORY.dial(dialled)


def test_a_barred_number_is_rejected():
    with pytest.raises(ApiError, match="not allowed"):
        DIRECTORY.dial("449098790123")


@pytest.mark.parametrize(
    ("address", "node"),
    [
        ("10002", "user:10002"),
        ("user:10002", "user:10002"),
        ("queue-77", "queue:77"),
        ("queue:77", "queue:77"),
        ("queue%3A77", "queue:77"),
        ("ivr-55", "ivr:55"),
        ("conf-123456", "conf:123456"),
    ],
)
def test_a_node_is_found_by_every_notation(address, node):
    party = DIRECTORY.node(address)
    assert party is not None
    assert party.node == node


@pytest.mark.parametrize(
    "address", ["", "99999", "queue-78", "park-1", "queue-", "1002", "10002\n"]
)
def test_an_unknown_node_is_not_found(address):
    assert DIRECTORY.node(address) is None


def test_the_repr_of_a_person_contains_no_secret():
    person = DIRECTORY.person("10004")
    assert "123456" not in repr(person)
    assert "password" not in repr(person)


def test_numbers_of_the_demo_are_reserved_for_drama():
    for entry in DIRECTORY.outside:
        assert entry.number == "+442036427900" or entry.number.startswith("+442079460")
