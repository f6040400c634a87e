"""Number detection in a page's texts, and when the numbering plans are loaded."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from .pages import Office


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    office = Office()
    yield office
    await office.connector.aclose()
    if office.worker._connector is not None:
        await office.worker._connector.aclose()


async def test_texts_are_answered_with_the_numbers_in_them(office: Office):
    await office.hello(defaultCountry="GB")
    texts = [["Tel. 020 7946 0199", ""], ["020 7946 0198", "Order"], ["+49 30 23125 000", ""]]
    office.send(1, "detect", id=7, texts=texts)
    await office.settle()
    assert office.of(1, "detected") == [
        {
            "type": "detected",
            "id": 7,
            "found": [[0, 5, 18, "tel:+442079460199"], [2, 0, 16, "tel:+493023125000"]],
        }
    ]


async def test_without_a_country_only_international_numbers_are_found(office: Office):
    await office.hello()
    office.send(1, "detect", id=7, texts=[["020 7946 0199 or +44 20 7946 0198", ""]])
    await office.settle()
    (answer,) = office.of(1, "detected")
    assert answer["found"] == [[0, 17, 33, "tel:+442079460198"]]


async def test_without_the_plans_the_page_receives_one_event_and_a_refusal(
    office: Office,
):
    office.platform.no_numbers = "The wheel is missing."
    await office.hello()
    office.send(1, "detect", id=7, texts=[["x", ""]])
    await office.settle()
    assert office.of(1, "refusal")[0]["error"]["code"] == "NUMBERS_UNAVAILABLE"
    assert office.events_of(1) == ["ERROR NUMBERS_UNAVAILABLE"]


async def test_texts_before_any_hello_are_not_answered(office: Office):
    office.send(1, "detect", id=7, texts=[["+44 20 7946 0199", ""]])
    await office.settle()
    assert office.posts == []


@pytest.mark.parametrize(
    "texts", [None, 5, "x", [5], [["a"]], [["a", "b", 5]], [["a", "b", "c", "d"]]]
)
async def test_an_invalid_detect_message_is_dropped(office: Office, texts: object, caplog):
    await office.hello()
    office.posts.clear()
    office.send(1, "detect", id=7, texts=texts)
    await office.settle()
    assert office.posts == []
    assert caplog.records


async def test_with_a_country_the_plans_are_loaded_after_ready(office: Office):
    await office.hello(token="t0ken", defaultCountry="GB")
    assert office.events_of(1)[-1] == "READY"
    assert office.platform.loads == 1


async def test_ready_neither_waits_for_the_plans_nor_fails_with_them(office: Office, caplog):
    office.platform.no_numbers = "The wheel is missing."
    await office.hello(token="t0ken", defaultCountry="GB")
    assert office.events_of(1)[-1] == "READY"
    assert "The wheel is missing." in caplog.text


async def test_without_a_country_the_plans_are_not_loaded(office: Office):
    await office.hello(token="t0ken")
    assert office.platform.loads == 0


@pytest.mark.parametrize("country", ["England", 5, "", None])
async def test_an_invalid_country_is_ignored(office: Office, country: object):
    await office.hello(defaultCountry=country)
    assert office.of(1, "state")
    office.send(1, "detect", id=7, texts=[["020 7946 0199", ""]])
    await office.settle()
    assert office.of(1, "detected")[0]["found"] == []
