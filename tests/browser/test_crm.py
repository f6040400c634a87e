"""The CRM: who calls comes up, what was said is written down, as an agent uses it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import PbxServer
from .dialer.page import START, DialerPage
from .looks import look, open_strictly
from .shim.harness import wait_for
from .tab import one_page_has_the_focus

ALEX = "+442036427900"
MIA = "+442079460123"
HOSTILE = '<img src=x onerror=alert(1)> & "co"'
STORED = """
    () => new Promise((resolve, reject) => {
      const opening = indexedDB.open("cti-crm");
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const db = opening.result;
        const all = db.transaction("calls").objectStore("calls").getAll();
        all.onsuccess = () => { db.close(); resolve(all.result); };
      };
    })
"""


class Crm(DialerPage):
    """The CRM in one tab, which has the focus or not, as in a real browser."""

    def __init__(self, page: Page, url: str) -> None:
        super().__init__(page)
        open_strictly(page, f"{url}/crm/")
        one_page_has_the_focus(page)
        expect(self.people).to_have_count(12)

    def show(self) -> None:
        """The user goes to this tab."""
        self.page.bring_to_front()
        self.wait("document.hasFocus() && connector.front")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def link(self, name: str) -> Locator:
        return self.page.get_by_role("main").get_by_role("link", name=name, exact=True)

    def choose(self, name: str) -> None:
        """Open the page of a contact from the list."""
        self.people.get_by_text(name, exact=True).click()

    def field(self, name: str) -> Locator:
        return self.page.get_by_role("form").get_by_label(name, exact=True)

    def contact(self, name: str) -> Locator:
        """The page of that contact or number."""
        return self.page.get_by_role("article", name=name)

    @property
    def people(self) -> Locator:
        names = self.page.get_by_role("region", name="Contacts")
        return names.get_by_role("listitem").locator(".contact-link-name")

    @property
    def search(self) -> Locator:
        return self.page.get_by_label("Search contacts")

    @property
    def now(self) -> Locator:
        """What is seen of the calls of now."""
        return self.page.get_by_role("region", name="Calls now")

    @property
    def notes(self) -> Locator:
        return self.now.get_by_label("Notes on this call")

    @property
    def recent(self) -> Locator:
        return self.page.get_by_role("list", name="Recent calls").get_by_role("listitem")

    @property
    def history(self) -> Locator:
        return self.page.get_by_role("list", name="Calls and notes").get_by_role("listitem")

    @property
    def stored(self) -> list[dict[str, Any]]:
        """The rows of the database."""
        rows: list[dict[str, Any]] = self.page.evaluate(STORED)
        return rows

    def hang_up(self) -> None:
        self.button("Hang up").click()


@pytest.fixture
def crm(page: Page, pbx: PbxServer) -> Crm:
    made = Crm(page, pbx.url)
    made.ready()
    # Calls ring until the test ends them, however slow the machine is.
    pbx.control("phones/10002", {"ring_time": 600})
    return made


def let_call(pbx: PbxServer, number: str, name: str = "", to: str = "10002") -> None:
    pbx.control("incoming", {"to": to, "from": number, "name": name})


# Who calls


def test_an_incoming_call_opens_the_contact_and_leaves_the_focus_alone(
    crm: Crm, pbx: PbxServer
) -> None:
    crm.search.fill("uma")
    # The network tells no name: the CRM knows it.
    let_call(pbx, ALEX)
    expect(crm.contact("Alex Morgan")).to_contain_text("Owner, Morgan Cycles")
    expect(crm.now).to_contain_text("Incoming call")
    expect(crm.card("Alex Morgan")).to_be_visible()
    expect(crm.page).to_have_title("Alex Morgan – Spoke CRM")
    expect(crm.search).to_be_focused()


def test_the_contact_comes_up_once_and_in_the_tab_in_front_only(
    crm: Crm, new_page: Callable[[], Page], pbx: PbxServer
) -> None:
    other = Crm(new_page(), pbx.url)
    expect(other.number).to_be_visible(timeout=START)
    other.show()
    let_call(pbx, ALEX)
    expect(other.contact("Alex Morgan")).to_be_visible()
    # The other tab shows the call, but not the contact.
    expect(crm.now).to_contain_text("Alex Morgan")
    expect(crm.page).to_have_title("Contacts – Spoke CRM")
    other.choose("Uma Reed")
    expect(other.contact("Uma Reed")).to_be_visible()

    crm.show()
    let_call(pbx, "+442079460107")
    expect(crm.contact("Hanna Holt")).to_be_visible()
    expect(other.now).to_contain_text("Hanna Holt")
    expect(other.contact("Uma Reed")).to_be_visible()


def test_what_is_half_typed_is_not_taken_away(crm: Crm, pbx: PbxServer) -> None:
    crm.page.get_by_role("link", name="New contact").click()
    crm.field("Name").fill("Otto N")
    let_call(pbx, ALEX)
    expect(crm.now).to_contain_text("Incoming call")
    expect(crm.field("Name")).to_have_value("Otto N")
    crm.now.get_by_role("link", name="Open contact").click()
    expect(crm.contact("Alex Morgan")).to_be_visible()


def test_an_unknown_caller_becomes_a_contact(crm: Crm, pbx: PbxServer) -> None:
    let_call(pbx, MIA, "Karlsson M")
    page = crm.contact("+44 20 7946 0123")
    expect(page).to_contain_text("Nobody in your contacts has this number.")
    page.get_by_role("link", name="Create contact").click()
    expect(crm.page.get_by_role("heading", name="New contact")).to_be_focused()
    expect(crm.field("Name")).to_have_value("Karlsson M")
    expect(crm.field("Office number")).to_have_value("+44 20 7946 0123")
    crm.field("Name").fill("Mia Karlsson")
    crm.field("Company").fill("Karlsson Tours")
    crm.press("Save")
    expect(crm.contact("Mia Karlsson")).to_contain_text("Karlsson Tours")
    crm.button("Decline").click()
    expect(crm.history).to_contain_text("Incoming · Declined")

    crm.choose("Uma Reed")
    let_call(pbx, MIA)
    expect(crm.contact("Mia Karlsson")).to_be_visible()
    expect(crm.card("Mia Karlsson")).to_be_visible()


def test_an_unknown_number_is_added_to_a_contact(crm: Crm, pbx: PbxServer) -> None:
    let_call(pbx, "+447700900777", HOSTILE)
    page = crm.contact("+44 7700 900777")
    # A name of the network is text.
    expect(crm.now).to_contain_text(HOSTILE)
    page.get_by_label("Add the number to").select_option("Joe Adeyemi")
    page.get_by_role("button", name="Add to contact").click()
    expect(crm.contact("Joe Adeyemi")).to_contain_text("+44 7700 900777")
    expect(crm.now).to_contain_text("Joe Adeyemi")


def test_a_caller_without_a_number_opens_nothing(crm: Crm, pbx: PbxServer) -> None:
    let_call(pbx, "anonymous")
    expect(crm.now).to_contain_text("Anonymous caller")
    crm.button("Decline").click()
    # While a call rings, the title of the tab names the caller.
    expect(crm.page).to_have_title("Contacts – Spoke CRM")
    expect(crm.recent).to_contain_text("Anonymous caller")


# What was said


def test_notes_are_in_the_log_after_the_call_and_after_a_reload(crm: Crm, pbx: PbxServer) -> None:
    let_call(pbx, ALEX)
    crm.button("Answer").click()
    expect(crm.now).to_contain_text("Connected")
    crm.notes.fill("Four frames by March.")
    expect(crm.now).to_contain_text("Saved")
    crm.hang_up()
    expect(crm.history).to_contain_text("Four frames by March.")
    expect(crm.history).to_contain_text(re.compile(r"Incoming · 0:\d\d · Anna Bell"))
    # What comes to mind after the call is added to it.
    crm.notes.fill("Four frames by March. One in red.")
    crm.press("Done")
    expect(crm.now).to_be_hidden()
    expect(crm.history).to_contain_text("One in red.")

    crm.page.reload()
    expect(crm.history).to_have_count(1)
    expect(crm.history).to_contain_text("Four frames by March. One in red.")
    expect(crm.recent).to_contain_text("Four frames by March. One in red.")
    (row,) = crm.stored
    assert (row["number"], row["outcome"]) == (ALEX, "answered")
    assert row["key"].startswith("10002@")


def test_notes_outlive_a_reload_during_the_call(crm: Crm, pbx: PbxServer) -> None:
    let_call(pbx, ALEX)
    crm.button("Answer").click()
    crm.notes.fill("Half a")
    expect(crm.now).to_contain_text("Saved")
    crm.page.reload()
    expect(crm.notes).to_have_value("Half a", timeout=START)
    crm.notes.press_sequentially(" thought")
    crm.hang_up()
    expect(crm.history).to_contain_text("Half a thought")
    assert crm.page.evaluate("Object.keys(sessionStorage)") == []


def test_the_log_has_no_doubles_with_two_tabs_open(
    crm: Crm, new_page: Callable[[], Page], pbx: PbxServer
) -> None:
    other = Crm(new_page(), pbx.url)
    expect(other.number).to_be_visible(timeout=START)
    other.show()
    for number in (ALEX, MIA):
        let_call(pbx, number)
        other.button("Answer").click()
        expect(other.now).to_contain_text("Connected")
        other.notes.fill(f"Said to {number}")
        expect(other.now).to_contain_text("Saved")
        other.hang_up()
        other.press("Done")
    for tab in (crm, other):
        expect(tab.recent).to_have_count(2)
        expect(tab.recent.first).to_contain_text(f"Said to {MIA}")
        expect(tab.now).to_be_hidden()
    assert sorted(row["number"] for row in crm.stored) == [ALEX, MIA]


def test_a_call_missed_while_the_crm_was_closed_is_in_the_log(page: Page, pbx: PbxServer) -> None:
    call = pbx.incoming()
    pbx.control(f"calls/{call}/hangup")
    crm = Crm(page, pbx.url)
    crm.ready()
    wait_for(lambda: len(page.evaluate(STORED)) == 1, "the missed call is stored")
    [record] = page.evaluate(STORED)
    assert (record["number"], record["outcome"]) == (ALEX, "missed")


def test_notes_that_were_changed_in_the_log_stay(crm: Crm, pbx: PbxServer) -> None:
    let_call(pbx, ALEX)
    crm.button("Decline").click()
    crm.history.get_by_role("button", name="Add notes").click()
    crm.history.get_by_label("Notes", exact=True).fill("Call back on Friday")
    crm.history.get_by_role("button", name="Save notes").click()
    expect(crm.recent).to_contain_text("Call back on Friday")
    expect(crm.history.get_by_role("button", name="Edit notes")).to_be_focused()

    # The record is told again, with what another part of the site has written on the call.
    (row,) = crm.stored
    listen = "() => void connector.on('log', ({ notes }) => { window.told = notes; })"
    crm.page.evaluate(listen)
    crm.page.evaluate("(id) => connector.note(id, 'From elsewhere')", row["callId"])
    crm.wait("window.told", "From elsewhere")
    expect(crm.history).to_contain_text("Call back on Friday")
    assert [one["notes"] for one in crm.stored] == ["Call back on Friday"]


def test_each_agent_sees_the_own_calls_or_all(crm: Crm, pbx: PbxServer) -> None:
    let_call(pbx, ALEX)
    crm.button("Decline").click()
    expect(crm.recent).to_have_count(1)
    crm.button("Log out").click()
    crm.log_in("ben@example.com")
    expect(crm.number).to_be_visible()
    expect(crm.recent).to_have_count(0)
    expect(crm.page.get_by_text("Calls that have ended are listed here.")).to_be_visible()
    crm.page.get_by_text("All agents").click()
    expect(crm.recent).to_contain_text("Incoming · Declined · Anna Bell")


# Contacts


def test_contacts_are_found_by_name_company_and_number(crm: Crm) -> None:
    for query, names in {
        "tomas": ["Tomás Ibáñez"],
        "morgan owner": ["Alex Morgan"],
        "anand sports": ["Priya Anand"],
        "020 7946 0106": ["Hugo Reyes"],
        "900632": ["Joe Adeyemi"],
        "nobody": [],
    }.items():
        crm.search.fill(query)
        expect(crm.people).to_have_text(names)
    expect(crm.page.get_by_text("No contact matches.")).to_be_visible()
    crm.search.fill("hol")
    crm.search.press("Enter")
    expect(crm.page.get_by_role("heading", name="Hanna Holt")).to_be_focused()


def test_a_contact_is_called_with_a_click_and_the_call_is_logged(crm: Crm) -> None:
    crm.choose("Hugo Reyes")
    crm.link("Call Hugo Reyes").click()
    # He hangs up by himself, perhaps before anybody looks.
    expect(crm.now).to_contain_text(re.compile("Connected|Call ended"))
    crm.notes.fill("The hub is ready.")
    expect(crm.now).to_contain_text("Call ended", timeout=START)
    expect(crm.history).to_contain_text("The hub is ready.")
    crm.press("Done")

    crm.choose("Blake Osei")
    crm.link("+44 20 7946 0101").click()
    expect(crm.history).to_contain_text("Outgoing · Busy")
    expect(crm.now).to_be_hidden()
    crm.recent.last.get_by_role("link", name="Call Hugo Reyes").click()
    expect(crm.card("Hugo Reyes")).to_be_visible()


def test_a_contact_is_changed_and_deleted(
    crm: Crm, new_page: Callable[[], Page], pbx: PbxServer
) -> None:
    other = Crm(new_page(), pbx.url)
    crm.show()
    crm.choose("Priya Anand")
    crm.link("Edit").click()
    crm.field("Office number").fill("020 79")
    crm.press("Save")
    assert crm.field("Office number").evaluate("(field) => field.validationMessage") == (
        "This is not a whole telephone number."
    )
    crm.field("Office number").fill("(020) 7946 0199")
    crm.field("Role").fill("Head of buying")
    crm.press("Save")
    expect(crm.contact("Priya Anand")).to_contain_text("+44 20 7946 0199")
    expect(other.page.get_by_text("Head of buying, Anand Sports")).to_be_visible()

    crm.link("Edit").click()
    crm.press("Delete contact")
    crm.press("Really delete?")
    expect(crm.people.get_by_text("Priya Anand")).to_have_count(0)
    expect(other.people.get_by_text("Priya Anand")).to_have_count(0)
    crm.press("Start over with the sample contacts")
    expect(crm.people.get_by_text("Priya Anand")).to_be_visible()


# How it looks


def test_light_and_dark_wide_and_narrow(page: Page, pbx: PbxServer) -> None:
    crm = Crm(page, pbx.url)
    expect(page.get_by_role("button", name="Log in as Anna")).to_be_visible()
    wrong = look(page, "crm-logged-out")
    crm.ready()
    pbx.control("phones/10002", {"ring_time": 600})
    let_call(pbx, ALEX)
    crm.button("Answer").click()
    crm.notes.fill("Four frames by March.")
    expect(crm.now).to_contain_text("Saved")
    expect(crm.now).to_contain_text("Connected")
    wrong += look(page, "crm-call")
    crm.hang_up()
    crm.press("Done")
    crm.history.get_by_role("button", name="Edit notes").click()
    wrong += look(page, "crm-contact")
    page.keyboard.press("Escape")
    let_call(pbx, MIA, "Mia Karlsson")
    expect(crm.contact("+44 20 7946 0123")).to_be_visible()
    wrong += look(page, "crm-unknown")
    crm.contact("+44 20 7946 0123").get_by_role("link", name="Create contact").click()
    expect(crm.field("Name")).to_be_visible()
    wrong += look(page, "crm-new")
    assert not wrong, "\n".join(wrong)
