"""National numbers in commands: what ``default_country`` changes, and when plans are loaded."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator

import pytest

from pycti.connector import Connector
from pycti.errors import InputError
from pycti.platform.native import NativePlatform

from .documents import incoming
from .test_login import code_of
from .world import World


@pytest.fixture
async def british() -> AsyncIterator[World]:
    """A connector for London, logged in."""
    world = World(default_country="gb")
    await world.log_in()
    yield world
    await world.connector.aclose()


async def test_a_national_number_is_called_in_e164_form(british: World):
    british.api["POST /calls"] = (201, {"data": {"id": 143}})
    await british.connector.call("020 7946 0199")
    assert british.platform.requests[-1].body == {"to": "442079460199"}
    assert british.events[0].call.destination == "+442079460199"
    assert british.platform.loads == 1


async def test_a_call_is_transferred_to_a_national_number(british: World):
    await british.dialogs(incoming("143-1", "confirmed"))
    british.api["PATCH /calls/143"] = (200, {})
    british.start(british.connector.transfer("143", "(020) 7946-0199"))
    await british.settle()
    assert british.platform.requests[-1].body == {"dst": "442079460199"}


@pytest.mark.parametrize("number", ["+442079460199", "1003", "*97", "tel:+44-20-7946-0199"])
async def test_a_number_that_needs_no_plan_loads_none(british: World, number: str):
    british.api["POST /calls"] = (201, {"data": {"id": 143}})
    await british.connector.call(number)
    assert british.platform.loads == 0


async def test_a_number_that_is_invalid_in_the_country_is_rejected(british: World):
    assert await code_of(british, british.connector.call("020 7946")) == "BAD_NUMBER"
    assert british.asked == []


async def test_without_the_plans_only_that_number_fails(british: World):
    british.platform.no_numbers = "The wheel is missing."
    assert await code_of(british, british.connector.call("020 7946 0199")) == "NUMBERS_UNAVAILABLE"
    assert british.told == ["ERROR NUMBERS_UNAVAILABLE"]
    assert "pycti[numbers]" in british.last_error.hint
    british.api["POST /calls"] = (201, {"data": {"id": 143}})
    assert (await british.connector.call("+442079460199")).name == "ACCEPTED"


async def test_calling_the_own_number_in_national_form_is_rejected(british: World):
    assert await code_of(british, british.connector.call("102")) == "SELF_CALL"


async def test_without_a_country_national_numbers_are_rejected(ready: World):
    assert await code_of(ready, ready.connector.call("020 7946 0199")) == "BAD_NUMBER"
    assert "country code" in ready.last_error.hint
    assert ready.platform.loads == 0


@pytest.mark.parametrize("country", ["England", "G", "1", "GB\n"])
def test_a_malformed_country_is_rejected_at_once(country: str):
    with pytest.raises(InputError) as caught:
        Connector(default_country=country)
    assert caught.value.code == "BAD_COUNTRY"


async def test_an_unknown_country_is_rejected_when_it_is_needed():
    world = World(default_country="ZZ")
    await world.log_in()
    assert await code_of(world, world.connector.call("020 7946 0199")) == "BAD_COUNTRY"
    await world.connector.aclose()


async def test_the_plans_are_loaded_only_with_a_country(british: World, ready: World):
    await british.connector.prepare()
    await ready.connector.prepare()
    assert (british.platform.loads, ready.platform.loads) == (1, 0)


async def test_on_cpython_the_package_is_imported():
    await NativePlatform().load_numbers()


async def test_detection_waits_for_a_login_in_progress():
    world = World(default_country="GB")
    held = world.hold("GET /me")
    login = world.start(world.connector.login("anna@example.com", "pa55word"))
    found = world.start(world.connector.detect([("Call 📞 020 7946 0199", ""), ("x", "y")]))
    await world.settle()
    assert not found.done()
    assert world.platform.loads == 0
    held.set_result((200, {"data": {"id": 10002, "sip_password": "x", "sip_domain": "pbx.test"}}))
    await world.settle()
    assert login.done()
    # Places are JavaScript's: the sign of a telephone counts twice.
    assert await found == [(0, 8, 21, "tel:+442079460199")]
    await world.connector.aclose()


async def test_searching_many_texts_does_not_block_other_work(
    british: World, monkeypatch: pytest.MonkeyPatch
):
    texts = [(f"Ann: +44 20 7946 0{number:03}", "") for number in range(50)]
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    clock = itertools.count(step=0.02)  # Each look at it says that it is time to pause.
    monkeypatch.setattr(british.platform, "now", lambda: next(clock))
    task = british.start(other())
    assert len(await british.connector.detect(texts)) == len(texts)
    assert turns >= len(texts)
    task.cancel()


async def test_an_extension_is_reported_with_its_number(british: World):
    texts = [("Ann 020 7946 0199 ext 12", "")]
    assert await british.connector.detect(texts) == [(0, 4, 24, "tel:+442079460199;ext=12")]
