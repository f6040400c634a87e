"""Whose national numbers count where a number stands, by the page protocol."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from .pages import Office

GERMAN = {"language": "de-DE", "host": "www.example.de"}
IN_DOUBT = {"language": "de-DE"}
NUMBER = "0512 5550123"


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    office = Office()
    await office.hello(token="t0ken", defaultCountry="AT")
    office.api["POST /calls"] = (201, {"data": {"id": 143}})
    yield office
    await office.connector.aclose()
    if office.worker._connector is not None:
        await office.worker._connector.aclose()


async def detected(office: Office, *texts: list[Any], **place: Any) -> list[Any]:
    office.send(1, "detect", id=7, texts=list(texts), **place)
    await office.settle()
    (answer,) = office.of(1, "detected")
    return [[index, uri] for index, _, _, uri in answer["found"]]


async def test_numbers_in_text_are_read_for_the_country_that_the_signs_agree_on(office: Office):
    texts = [[f"Tel. {NUMBER}", ""], ["Tel. +43 1 5550123", ""]]
    at_home = [[0, "tel:+435125550123"], [1, "tel:+4315550123"]]
    german = [[0, "tel:+495125550123"], [1, "tel:+4315550123"]]
    for place, expected in (
        ({}, at_home),
        ({"signs": GERMAN}, german),
        ({"signs": IN_DOUBT}, german[1:]),
        ({"signs": None}, at_home),
        ({"signs": {"language": 5, "alternates": "x", "host": None, "numbers": [5]}}, at_home),
    ):
        office.posts.clear()
        assert await detected(office, *texts, **place) == expected


async def test_a_country_around_a_text_overrides_what_the_page_shows(office: Office):
    line = f"Tel. {NUMBER}"
    found = await detected(
        office, [line, "", "at"], [line, "", "DE"], [line, "", "nowhere"], [line, ""], signs=GERMAN
    )
    assert found == [
        [0, "tel:+435125550123"],
        [1, "tel:+495125550123"],
        [2, "tel:+495125550123"],
        [3, "tel:+495125550123"],
    ]


@pytest.mark.parametrize(
    ("place", "called"),
    [
        ({}, "435125550123"),
        ({"signs": GERMAN}, "495125550123"),
        ({"country": "", "signs": GERMAN}, "495125550123"),
        ({"country": "at", "signs": GERMAN}, "435125550123"),
        ({"country": "DE", "signs": None}, "495125550123"),
    ],
)
async def test_a_number_that_is_clicked_is_read_where_it_stands(
    office: Office, place: dict[str, Any], called: str
):
    office.send(1, "command", id=1, method="call", args=[f"tel:{NUMBER}"], **place)
    await office.settle()
    assert office.platform.requests[-1].body == {"to": called}


async def test_what_nobody_can_read_is_not_called(office: Office):
    office.send(1, "command", id=1, method="call", args=[f"tel:{NUMBER}"], signs=IN_DOUBT)
    await office.settle()
    (refusal,) = office.of(1, "refusal")
    assert refusal["error"]["code"] == "BAD_NUMBER"
    assert "data-cti-country" in refusal["error"]["hint"]
    assert "POST /calls" not in office.asked


async def test_what_needs_no_country_is_called_whatever_the_page_shows(office: Office):
    office.send(1, "command", id=1, method="call", args=["tel:+43 (0)1 5550123"], signs=IN_DOUBT)
    await office.settle()
    assert office.platform.requests[-1].body == {"to": "4315550123"}


async def test_an_own_country_that_is_none_is_the_page_authors_mistake(office: Office):
    office.send(1, "command", id=1, method="call", args=[NUMBER], country="Germany")
    await office.settle()
    (refusal,) = office.of(1, "refusal")
    assert refusal["error"]["code"] == "BAD_COUNTRY"


async def test_an_own_country_needs_no_default_country(office: Office):
    await office.hello(2)
    office.send(2, "command", id=1, method="call", args=[NUMBER], country="DE")
    await office.settle()
    assert office.platform.requests[-1].body == {"to": "495125550123"}
    office.send(2, "detect", id=7, texts=[[NUMBER, "", "DE"], [NUMBER, ""]], signs=GERMAN)
    await office.settle()
    (answer,) = office.of(2, "detected")
    assert [one[0] for one in answer["found"]] == [0]
