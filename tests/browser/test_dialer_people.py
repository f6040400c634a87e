"""The colleagues in `<cti-dialer>`: presence, search, favourites, calls, transfers, pickup."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import PbxServer
from .dialer.page import DialerPage

THOUSANDS = """() => {
    fake.people = (person) => Array.from({ length: 2000 }, (_, at) =>
      person(String(20000 + at), String(2000 + at), "Person", String(at).padStart(4, "0")));
}"""


@pytest.fixture
def faked(page: Page, pbx: PbxServer) -> DialerPage:
    made = DialerPage(page)
    made.open_with_fake(pbx.url)
    return made


def open_people(dialer: DialerPage) -> None:
    dialer.element.get_by_role("tab", name="People").click()


def row(dialer: DialerPage, name: str) -> Locator:
    return dialer.element.get_by_role("listitem").filter(has_text=name)


def names(dialer: DialerPage) -> list[str]:
    return dialer.element.locator(".person-name").all_inner_texts()


def followed(dialer: DialerPage) -> int:
    count: int = dialer.page.evaluate("fake.followed.size - 1")
    return count


def press(place: Locator, name: str) -> None:
    place.get_by_role("button", name=name, exact=True).click()


# Against the PBX


def test_a_colleagues_call_is_seen_and_picked_up(page: Page, pbx: PbxServer) -> None:
    dialer = DialerPage(page)
    dialer.open(pbx.url)
    dialer.ready()
    open_people(dialer)
    ben = row(dialer, "Ben Cole")
    expect(ben).to_contain_text("Available")
    expect(row(dialer, "Emil Fox")).to_contain_text("Do not disturb")
    pbx.incoming("10003")
    expect(ben).to_contain_text("Ringing")
    press(ben, "Pick up the call for Ben Cole")
    expect(dialer.card("Alex Morgan")).to_contain_text("Connected")
    dialer.button("New call").click()
    expect(ben).to_contain_text("Available")
    press(row(dialer, "Carla Diaz"), "Transfer to Carla Diaz")
    expect(dialer.element).to_contain_text("You transferred the call with Alex Morgan.")


# With a connector that stands still


def test_only_visible_colleagues_are_followed(faked: DialerPage) -> None:
    faked.page.evaluate(THOUSANDS)
    faked.bring("ready")
    assert followed(faked) == 0
    open_people(faked)
    faked.wait("fake.followed.has('user:20000')")
    assert 3 <= followed(faked) <= 20
    faked.element.locator(".people").evaluate("(list) => list.scrollTo(0, list.scrollHeight)")
    faked.wait("fake.followed.has('user:20000')", False)
    assert 3 <= followed(faked) <= 20
    # More rows come while the user scrolls, and not 2,000 at once.
    assert len(names(faked)) < 200
    faked.element.get_by_role("tab", name="Keypad").click()
    faked.wait("fake.followed.size", 1)


def test_the_next_login_follows_them_again(faked: DialerPage) -> None:
    faked.bring("ready")
    open_people(faked)
    faked.wait("fake.followed.has('user:10003')")
    faked.page.evaluate("fake.followed = new Set(); fake.move('logged-out')")
    faked.bring("ready")
    open_people(faked)
    faked.wait("fake.followed.has('user:10003')")
    expect(row(faked, "Ben Cole")).to_contain_text("Available")


def test_whom_the_page_follows_stays_followed(faked: DialerPage) -> None:
    faked.page.evaluate("fake.followed.add('user:10003')")
    faked.page.evaluate("fake.presences['user:10003'] = 'talking'")
    faked.bring("ready")
    open_people(faked)
    expect(row(faked, "Ben Cole")).to_contain_text("In a call")
    faked.element.get_by_role("tab", name="Keypad").click()
    faked.wait("fake.followed.size", 2)
    asked = faked.page.evaluate("fake.asked")
    assert ["subscribe", "user:10003"] not in asked
    assert ["unsubscribe", "user:10003"] not in asked


@pytest.mark.parametrize(
    ("presence", "word"),
    [
        ("free", "Available"),
        ("ringing", "Ringing"),
        ("talking", "In a call"),
        ("on-hold", "On hold"),
        ("do-not-disturb", "Do not disturb"),
        ("offline", "Offline"),
        ("unknown", "Status unknown"),
    ],
)
def test_each_presence_has_a_word_and_a_shape(faked: DialerPage, presence: str, word: str) -> None:
    faked.bring("ready")
    open_people(faked)
    faked.wait("fake.followed.has('user:10003')")
    expect(row(faked, "Ben Cole")).to_contain_text("Available")
    faked.page.evaluate(
        "(presence) => fake.tell('presence', { node: 'user:10003', presence })", presence
    )
    ben = row(faked, "Ben Cole")
    expect(ben).to_contain_text(word)
    expect(ben.locator(".light")).to_have_attribute("data-presence", presence)
    pickup = ben.get_by_role("button", name="Pick up the call for Ben Cole")
    expect(pickup).to_have_count(int(presence == "ringing"))


def test_the_lights_differ_without_colour(faked: DialerPage) -> None:
    faked.bring("colleagues")
    shapes: list[Any] = faked.element.evaluate(
        """(dialer) => [...dialer.shadowRoot.querySelectorAll(".light")].map((one) => {
          const { borderWidth, borderRadius, backgroundImage } = getComputedStyle(one);
          return [one.dataset.presence, [borderWidth, borderRadius, backgroundImage].join()];
        })"""
    )
    by_presence = dict(map(tuple, shapes))
    assert len(by_presence) == len(set(by_presence.values())) == 6


def test_search_finds_names_and_extensions(faked: DialerPage) -> None:
    faked.bring("ready")
    open_people(faked)
    field = faked.element.get_by_role("searchbox")
    field.fill("dia")
    assert names(faked) == ["Carla Diaz"]
    field.fill("1003")
    assert names(faked) == ["Ben Cole"]
    field.fill("nobody")
    expect(faked.element).to_contain_text("Nobody matches.")


def test_favourites_come_first_and_stay(faked: DialerPage) -> None:
    faked.bring("ready")
    open_people(faked)
    expect(row(faked, "Ben Cole")).to_be_visible()
    assert names(faked) == ["Ben Cole", "Carla Diaz", "Dora Ellis", "Emil Fox"]
    press(row(faked, "Dora Ellis"), "Favourite: Dora Ellis")
    assert names(faked)[0] == "Dora Ellis"
    faked.page.evaluate("fake.move('logged-out')")
    faked.bring("ready")
    open_people(faked)
    expect(row(faked, "Ben Cole")).to_be_visible()
    assert names(faked)[0] == "Dora Ellis"
    star = faked.button("Favourite: Dora Ellis")
    expect(star).to_have_attribute("aria-pressed", "true")


def test_one_click_calls(faked: DialerPage) -> None:
    faked.bring("ready")
    open_people(faked)
    press(row(faked, "Ben Cole"), "Call Ben Cole")
    calls = faked.page.evaluate("fake.asked.filter(([name]) => name === 'call')")
    assert calls == [["call", "1003"]]


def test_without_the_features_there_is_no_transfer_and_no_pickup(faked: DialerPage) -> None:
    faked.page.evaluate("fake.features = new Set(['answer', 'terminate'])")
    faked.bring("colleagues beside a call")
    ben = row(faked, "Ben Cole")
    expect(ben.get_by_role("button")).to_have_count(2)


def test_a_call_that_is_gone_cannot_be_picked_up(faked: DialerPage) -> None:
    faked.bring("colleagues")
    press(row(faked, "Ben Cole"), "Pick up the call for Ben Cole")
    expect(faked.element.locator(".people-body")).to_contain_text("This call has ended.")
