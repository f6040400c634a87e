"""The shop: a page whose numbers call, with the dialer in its corner, as its readers use it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import PbxServer
from .dialer.page import START, DialerPage
from .looks import look, open_strictly


class Shop(DialerPage):
    """The shop in one tab."""

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).first.click()

    def link(self, name: str) -> Locator:
        return self.page.locator("main").get_by_role("link", name=name, exact=True).first

    @property
    def basket(self) -> Locator:
        return self.page.get_by_role("dialog", name="Your basket")

    def start(self) -> None:
        """Log in through the dialer, and close it."""
        self.element.get_by_role("button", name="Open the telephone").click()
        self.ready()
        self.button("Close the telephone").click()


@pytest.fixture
def shop(page: Page, pbx: PbxServer) -> Shop:
    open_strictly(page, f"{pbx.url}/shop/")
    return Shop(page)


def test_log_in_through_the_dialer_and_call_a_number_of_the_page(shop: Shop) -> None:
    shop.start()
    number = shop.link("020 3642 7900")
    number.click()
    expect(shop.card("Alex Morgan")).to_contain_text("Connected")
    expect(number).to_have_attribute("data-cti-state", "connected")
    shop.button("Hang up").click()
    expect(number).not_to_have_attribute("data-cti-state", "connected")
    expect(shop.card("Alex Morgan")).to_have_count(0)


def test_numbers_in_the_text_call_and_no_other_figure_does(shop: Shop) -> None:
    """Prices, order and parcel numbers, dates, EAN, VAT and bank numbers stay text."""
    shop.start()
    in_text = shop.page.get_by_role("link", name="(020) 7946 0106")
    in_text.click()
    expect(shop.card("Hugo Reyes")).to_contain_text("Connected")
    written = shop.page.locator("a[href^='tel:'], [data-cti-number]").all_text_contents()
    numbers = [re.sub(r"\D", "", text).removeprefix("44").lstrip("0") for text in written]
    people = {f"20794601{line:02}" for line in (1, 3, 5, 6, 7, 42)} | {"2036427900"}
    people.add("1005")  # An extension, which a link of the page calls.
    assert set(filter(None, numbers)) == people


def test_a_busy_shop_is_told(shop: Shop) -> None:
    shop.start()
    shop.link("020 7946 0101").click()
    expect(shop.element.get_by_text("Blake Osei is busy.").first).to_be_visible()


def test_a_marked_number_is_called_with_the_keyboard(shop: Shop) -> None:
    shop.start()
    shop.page.get_by_text("How do I send something back?").press("Enter")
    shop.page.get_by_text("020 7946 0103").press("Enter")
    expect(shop.element.get_by_text("Rita Flint declined the call.").first).to_be_visible()


def test_a_call_goes_on_from_the_shop_to_the_crm(shop: Shop, pbx: PbxServer) -> None:
    shop.start()
    shop.link("Call the sales desk").click()
    expect(shop.card("Alex Morgan")).to_contain_text("Connected")
    shop.page.get_by_role("link", name="CRM").click()
    expect(shop.page).to_have_title("Contacts – Spoke CRM")
    expect(shop.card("Alex Morgan")).to_contain_text("Connected", timeout=START)
    notes = shop.page.get_by_role("region", name="Calls now").get_by_label("Notes on this call")
    expect(notes).to_be_visible()
    legs = [leg["state"] for call in pbx.state()["calls"] for leg in call["legs"]]
    assert "confirmed" in legs


def test_order_by_telephone_what_is_in_the_basket(shop: Shop) -> None:
    shop.start()
    shop.press("Add to basket: Tyre 37-622")
    shop.press("Basket 1")
    expect(shop.basket).to_contain_text("£4.95")
    expect(shop.basket).to_contain_text("£34.90")
    shop.press("One more: Tyre 37-622")
    shop.press("One more: Tyre 37-622")
    expect(shop.basket).to_contain_text("free")
    expect(shop.basket).to_contain_text("£89.85")
    shop.basket.get_by_role("link", name="Order on 020 3642 7900").click()
    expect(shop.basket).to_be_hidden()
    expect(shop.card("Alex Morgan")).to_contain_text("Connected")


def test_the_basket_is_kept_and_can_be_emptied_with_the_keyboard(shop: Shop) -> None:
    shop.press("Add to basket: Leather saddle")
    shop.page.reload()
    shop.press("Basket 1")
    shop.page.get_by_role("button", name="One less: Leather saddle").press("Enter")
    expect(shop.basket).to_contain_text("There is nothing in it yet.")
    expect(shop.page.get_by_role("button", name="Close", exact=True)).to_be_focused()
    shop.page.keyboard.press("Escape")
    expect(shop.page.get_by_role("button", name="Basket 0")).to_be_focused()


def test_products_are_filtered(shop: Shop) -> None:
    names = shop.page.get_by_role("list", name="Products").get_by_role("heading")
    expect(names).to_have_count(8)
    shop.page.get_by_text("Bicycles", exact=True).click()
    expect(names).to_have_text(["Canal Tourer", "Lock Keeper", "Wharf Runner"])
    expect(shop.page.get_by_text("3 products")).to_be_attached()


def test_colours_that_were_chosen_stay_on_every_page(shop: Shop) -> None:
    page = shop.page
    shop.press("Use dark colours")
    for name in ("CRM", "Platform"):
        page.get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("link", name=name, exact=True)).to_have_attribute(
            "aria-current", "page"
        )
        expect(page.locator("html[data-bs-theme=dark]")).to_be_attached()
    shop.press("Use light colours")
    expect(page.locator("html[data-bs-theme=light]")).to_be_attached()


# In Firefox, Playwright cannot choose the system's colours.
@pytest.mark.engines("chromium")
def test_colours_that_the_system_asks_for_are_not_remembered(shop: Shop) -> None:
    shop.page.emulate_media(color_scheme="light")
    shop.press("Use dark colours")
    shop.press("Use light colours")
    shop.page.emulate_media(color_scheme="dark")
    expect(shop.page.locator("html[data-bs-theme=dark]")).to_be_attached()


def test_the_line_to_try_things_logs_in_and_lets_someone_call(shop: Shop) -> None:
    shop.press("Log in as Ben")
    shop.page.get_by_role("button", name="Let Alex Morgan call").click(timeout=START)
    shop.button("Answer").click()
    expect(shop.card("Alex Morgan")).to_contain_text("Connected")


def test_light_and_dark_wide_and_narrow(shop: Shop) -> None:
    expect(shop.page.get_by_role("button", name="Log in as Anna")).to_be_visible()
    wrong = look(shop.page, "shop-logged-out")
    for question in shop.page.locator("summary").all():
        question.click()
    shop.start()
    shop.link("Call the sales desk").click()
    expect(shop.card("Alex Morgan")).to_contain_text("Connected")
    wrong += look(shop.page, "shop-call")
    shop.button("Hang up").click()
    shop.press("Add to basket: Canal Tourer")
    shop.press("Basket 1")
    wrong += look(shop.page, "shop-basket")
    assert not wrong, "\n".join(wrong)
