"""The wallboard in Chromium, against the embedded PBX: what a supervisor sees of real calls."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from pycti import bundle

from .conftest import PbxServer
from .looks import take_picture, wear
from .shim.harness import wait_for
from .wallboard.page import START, Wallboard

SIZES = {"wall": (1920, 1080), "wide": (1280, 900), "narrow": (390, 844), "zoomed": (320, 640)}
# So long that no phone gives up while a test looks.
PATIENT = {"ring_time": 600}


@pytest.fixture
def pbx(pbx_server: PbxServer) -> PbxServer:
    """The PBX as at its start, but phones ring until somebody does something."""
    pbx_server.control("sip", {"refuse": False})
    pbx_server.control("reset")
    for user in ("10002", "10003"):
        pbx_server.control(f"phones/{user}", PATIENT)
    return pbx_server


@pytest.fixture
def board(page: Page, pbx: PbxServer) -> Wallboard:
    return Wallboard(page, pbx.url)


@pytest.fixture(scope="session")
def axe() -> str:
    """The text of axe-core. It is run as the tests' own, so the page's policy stays as it is."""
    return (bundle.development_packages() / "axe-core/axe.min.js").read_text("utf-8")


def test_a_caller_waits_is_answered_and_the_agent_is_free_again(
    board: Wallboard, pbx: PbxServer
) -> None:
    board.open_with()
    board.expect_parts(
        "queue:77", name="Sales", state="No one is waiting", waiting="0", longest="–"
    )
    board.expect_parts("user:10003", name="Ben Cole", state="Free", who="")

    call_id = pbx.incoming("queue:77")

    board.expect_parts("queue:77", state="1 caller waiting", waiting="1")
    expect(board.lines("queue:77", "Waiting")).to_contain_text(["Alex Morgan"])
    expect(board.part("queue:77", "longest")).to_have_text(re.compile(r"^\d+:\d\d$"))
    expect(board.figure("waiting")).to_have_text("1")
    board.expect_parts("user:10003", state="Ringing", who="Alex Morgan", via="from Sales")
    pbx.incoming("queue:77", name="Mia Karlsson")
    board.expect_parts("queue:77", state="2 callers waiting", waiting="2")

    pbx.control(f"calls/{call_id}/answer", {"user": "10003"})

    board.expect_parts("queue:77", waiting="1", answered="1", missed="0")
    expect(board.lines("queue:77", "Waiting")).to_contain_text(["Mia Karlsson"])
    expect(board.lines("queue:77", "Talking")).to_contain_text(["Alex Morgan with Ben Cole"])
    board.expect_parts("user:10003", state="Talking", who="Alex Morgan")
    expect(board.part("user:10003", "via")).to_have_text("from Sales, one more call")
    expect(board.figure("answered")).to_have_text("1")
    expect(board.figure("free")).to_have_text("0 of 2")

    pbx.control(f"calls/{call_id}/hold")
    board.expect_parts("user:10003", state="On hold")
    expect(board.lines("queue:77", "Talking")).to_contain_text(["with Ben Cole, on hold"])
    pbx.control(f"calls/{call_id}/resume")
    board.expect_parts("user:10003", state="Talking")

    pbx.control(f"calls/{call_id}/hangup")
    expect(board.lines("queue:77", "Talking")).to_have_count(0)
    board.expect_parts("user:10003", state="Ringing", who="Mia Karlsson")


def test_a_caller_who_gives_up_is_missed_and_the_chart_shows_it(
    board: Wallboard, pbx: PbxServer
) -> None:
    board.open_with()
    chart = board.page.locator("#chart").get_by_role("img")
    expect(chart).to_have_accessible_name("Last 15 minutes: nobody waited, 0 answered, 0 missed.")
    answered = pbx.incoming("queue:77")
    board.expect_parts("queue:77", waiting="1")
    pbx.control(f"calls/{answered}/answer", {"user": "10003"})
    board.expect_parts("queue:77", waiting="0", answered="1")
    given_up = pbx.incoming("queue:77")
    board.expect_parts("queue:77", waiting="1")

    pbx.control(f"calls/{given_up}/hangup")

    board.expect_parts("queue:77", waiting="0", answered="1", missed="1", state="No one is waiting")
    expect(board.figure("missed")).to_have_text("1")
    expect(chart).to_have_accessible_name(
        "Last 15 minutes: at most 1 waited at once, 1 answered, 1 missed."
    )
    board.page.get_by_text("As a table").click()
    expect(board.page.locator("#chart tbody tr").first).to_be_visible()
    heights = "(all) => Math.max(...all.map((one) => one.getBoundingClientRect().height))"
    for series in ("waiting", "answered", "missed"):
        assert board.page.locator(f".series-{series}").evaluate_all(heights) > 10


def test_the_longest_wait_ticks(board: Wallboard, pbx: PbxServer) -> None:
    board.page.clock.install()
    board.open_with("queue:77", warn=60, alarm=120)
    pbx.incoming("queue:77")
    board.expect_parts("queue:77", state="1 caller waiting")
    expect(board.page.locator("#say")).to_have_text("")

    board.page.clock.fast_forward(70_000)
    board.expect_parts("queue:77", state="Waiting long")
    expect(board.part("queue:77", "longest")).to_have_text(re.compile(r"^1:\d\d$"))
    expect(board.figure("longest")).to_have_text(re.compile(r"^1:\d\d$"))
    expect(board.page.locator("#say")).to_have_text("")

    board.page.clock.fast_forward(60_000)
    board.expect_parts("queue:77", state="Waiting too long")
    # Those who listen are told once, and not of every second.
    expect(board.page.locator("#say")).to_have_text("Sales: callers are waiting too long.")


def test_those_in_a_conference_and_in_an_ivr_are_shown(board: Wallboard, pbx: PbxServer) -> None:
    board.open_with()
    board.expect_parts("conf:123456", state="Empty")
    pbx.control("incoming", {"to": "conf:123456", "from": "+442079460105", "name": "Sam Lowe"})
    first = pbx.incoming("conf:123456")

    expect(board.lines("conf:123456", "In it")).to_have_count(2)
    board.expect_parts("conf:123456", name="Weekly", state="2 members")
    pbx.control(f"calls/{first}/hangup")
    board.expect_parts("conf:123456", state="1 member")
    expect(board.lines("conf:123456", "In it")).to_contain_text(["Sam Lowe"])

    # The IVR answers, and passes on to the queue.
    pbx.incoming("ivr:55", name="Iris Vane")
    expect(board.lines("queue:77", "Waiting")).to_contain_text(["Iris Vane"])
    board.expect_parts("ivr:55", name="Welcome", state="Empty")


def test_a_name_that_tries_to_be_html_stays_text(board: Wallboard, pbx: PbxServer) -> None:
    board.open_with()
    pbx.incoming("queue:77", name="<img src=x onerror=alert(1)>")
    expect(board.lines("queue:77", "Waiting")).to_contain_text(["<img src=x onerror=alert(1)>"])
    assert board.page.locator("#board img").count() == 0


def test_while_the_connection_is_lost_the_board_says_that_it_is_old(
    board: Wallboard, pbx: PbxServer
) -> None:
    board.open_with()
    ended = pbx.incoming("queue:77", name="Alex Morgan")
    board.expect_parts("queue:77", waiting="1")
    pbx.control(f"calls/{ended}/answer", {"user": "10003"})
    board.expect_parts("user:10003", state="Talking", who="Alex Morgan")
    expect(board.page.locator("#lost")).to_be_hidden()

    pbx.control("sip", {"refuse": True})
    pbx.control("drop", {"forget": True})

    expect(board.connection).to_have_text("Reconnecting…")
    expect(board.page.locator("#lost")).to_contain_text("Connection lost.")
    expect(board.page.locator("#board")).to_have_attribute("data-old", "true")
    expect(board.page.locator("#say")).to_contain_text("out of date")
    board.expect_parts("user:10003", state="Talking", who="Alex Morgan")
    # Meanwhile one call ends, and another comes.
    pbx.control(f"calls/{ended}/hangup")
    pbx.incoming("queue:77", name="Mia Karlsson")

    pbx.control("sip", {"refuse": False})

    board.live()
    board.expect_parts("user:10003", state="Ringing", who="Mia Karlsson", via="from Sales")
    expect(board.lines("queue:77", "Talking")).to_have_count(0)
    expect(board.lines("queue:77", "Waiting")).to_contain_text(["Mia Karlsson"])
    expect(board.page.locator("#board")).to_have_attribute("data-old", "false")
    expect(board.page.locator("#lost")).to_be_hidden()
    expect(board.page.locator("#say")).to_contain_text("up to date")
    expect(board.figure("since")).to_contain_text("Connection lost once")


def test_tiles_are_the_same_elements_all_the_time(board: Wallboard, pbx: PbxServer) -> None:
    board.open_with()
    tile = board.tile("user:10003").element_handle()
    pbx.incoming("queue:77")
    line = board.lines("queue:77", "Waiting")
    expect(line).to_have_count(1)
    element = line.element_handle()
    pbx.incoming("queue:77", name="Mia Karlsson")
    expect(line).to_have_count(2)
    assert element
    assert element.evaluate("(one) => one.isConnected && one.matches(':first-child')")
    assert tile
    assert tile.evaluate("(one) => one.isConnected")


def test_the_board_starts_with_what_the_demo_has(board: Wallboard) -> None:
    board.open()
    board.log_in()
    names = ["Sales", "Anna Bell", "Ben Cole", "Dora Ellis", "Carla Diaz", "Emil Fox", "Fay Green"]
    rooms = ["Welcome", "Weekly"]
    expect(board.page.locator("#board .tile h3")).to_have_text([*names, "Gus Hart", *rooms])
    board.expect_parts("queue:77", state="No one is waiting")
    board.expect_parts("user:10003", state="Free")
    # Nothing was chosen, so nothing is remembered.
    assert board.page.evaluate("localStorage.getItem('cti-wallboard')") is None


def test_do_not_disturb_is_shown_as_in_the_list_for_transfers(
    board: Wallboard, pbx: PbxServer
) -> None:
    board.open_with("user:10003", "user:10006")
    board.expect_parts("user:10006", name="Emil Fox", state="Do not disturb")
    board.expect_parts("user:10003", state="Free")

    pbx.control("phones/10003", {"dnd": True})
    board.expect_parts("user:10003", state="Do not disturb")
    pbx.control("phones/10003", {"registered": False})
    board.expect_parts("user:10003", state="Offline")
    pbx.control("phones/10003", {"registered": True, "dnd": False})
    board.expect_parts("user:10003", state="Free")
    # The telephone in the corner uses the same words.
    page = board.page
    pbx.control("incoming", {"to": "10002", "from": "+442036427900", "name": "Alex Morgan"})
    page.get_by_role("button", name=re.compile("^Open the telephone, Ready, 1 call")).click()
    dialer = page.locator("cti-dialer")
    dialer.get_by_role("button", name="Answer").click()
    dialer.get_by_role("button", name="Transfer").click()
    expect(dialer.get_by_role("option", name="Emil Fox")).to_contain_text("Do not disturb")


def test_calls_of_the_supervisor_are_a_number_on_the_button(
    board: Wallboard, pbx: PbxServer
) -> None:
    board.open_with()
    for name in ("Alex Morgan", "Mia Karlsson"):
        pbx.incoming(name=name)
    button = board.page.get_by_role("button", name="Open the telephone, Ready, 2 calls")
    expect(button).to_be_visible()
    expect(button).to_contain_text("2")
    expect(board.page.locator("cti-dialer").get_by_role("button", name="Answer")).to_have_count(0)


def test_what_is_shown_is_chosen_on_the_page_and_remembered(board: Wallboard) -> None:
    page = board.page
    board.choose_nothing()
    board.open()
    expect(page.get_by_role("heading", name="Log in to see the board")).to_be_visible()
    board.log_in()
    expect(page.get_by_role("heading", name="Your board is empty")).to_be_visible()

    page.get_by_role("button", name="Choose what is shown").last.click()
    dialog = page.get_by_role("dialog", name="What is shown")
    dialog.get_by_label("Id", exact=True).fill("seven")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(dialog.get_by_text("Enter a number, such as 77.")).to_be_visible()
    dialog.get_by_label("Id", exact=True).fill("77")
    dialog.get_by_label("Id", exact=True).press("Enter")
    expect(dialog.get_by_text("Enter a number, such as 77.")).to_be_hidden()
    dialog.get_by_role("button", name="Add its 2 agents").click()
    expect(dialog.get_by_role("checkbox", name="Ben Cole")).to_be_checked()
    dialog.get_by_role("checkbox", name="Carla Diaz").check()
    dialog.get_by_role("checkbox", name="Anna Bell").uncheck()
    dialog.get_by_label("Type").select_option("Conference")
    dialog.get_by_label("Id", exact=True).fill("123456")
    dialog.get_by_label("Name (optional)").fill("Monday round")
    dialog.get_by_role("button", name="Add", exact=True).click()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    names = page.locator("#board .tile h3")
    chosen = ["Sales", "Ben Cole", "Carla Diaz", "Monday round"]
    expect(names).to_have_text(chosen)
    watched = {"10002", "10003", "10005", "queue:77", "conf:123456"}
    wait_for(lambda: board.followed == watched, "what is shown is followed")

    page.reload()
    board.live()
    expect(names).to_have_text(chosen)

    page.get_by_role("button", name="Choose what is shown").first.click()
    dialog.get_by_role("button", name="Remove Sales").click()
    dialog.get_by_role("button", name="Done").click()
    expect(names).to_have_text(chosen[1:])
    wait_for(lambda: board.followed == watched - {"queue:77"}, "the queue is not followed")


def test_a_node_that_does_not_exist_says_so_on_its_tile(board: Wallboard) -> None:
    board.open_with("user:10003")
    page = board.page
    page.get_by_role("button", name="Choose what is shown").first.click()
    page.get_by_label("Id", exact=True).fill("99")
    page.get_by_label("Id", exact=True).press("Enter")
    page.get_by_role("button", name="Done").click()

    expect(board.part("queue:99", "problem")).to_contain_text("404")
    board.expect_parts("queue:99", name="Queue 99", state="Not available")
    board.expect_parts("user:10003", state="Free")


def test_a_second_tab_shows_the_calls_that_there_are_already(
    board: Wallboard, pbx: PbxServer, new_page: Callable[[], Page]
) -> None:
    board.open_with()
    pbx.incoming("queue:77")
    board.expect_parts("queue:77", waiting="1")

    other = Wallboard(new_page(), pbx.url)
    other.open()

    other.live()
    other.expect_parts("queue:77", waiting="1", state="1 caller waiting")
    other.expect_parts("user:10003", state="Ringing", who="Alex Morgan")


def test_a_choice_counts_in_all_tabs(
    board: Wallboard, pbx: PbxServer, new_page: Callable[[], Page]
) -> None:
    board.open_with("queue:77", "user:10003")
    pbx.incoming("queue:77")
    other = Wallboard(new_page(), pbx.url)
    other.open()
    other.expect_parts("queue:77", waiting="1")

    page = board.page
    page.get_by_role("button", name="Choose what is shown").first.click()
    page.get_by_role("button", name="Remove Sales").click()
    page.get_by_role("checkbox", name="Carla Diaz").check()

    expect(other.page.locator("#board .tile h3")).to_have_text(["Ben Cole", "Carla Diaz"])
    other.expect_parts("user:10003", state="Ringing", via="")
    other.expect_parts("user:10005", state="Free")


# In Firefox, Playwright cannot choose whether the user wants motion.
@pytest.mark.engines("chromium")
def test_nothing_moves_where_less_motion_is_wanted(board: Wallboard, pbx: PbxServer) -> None:
    board.open_with()
    pbx.incoming("queue:77")
    board.expect_parts("user:10003", state="Ringing")
    # In the dialer's shadow tree the dialer decides.
    moving = """
      () => document.getAnimations()
        .filter(({ effect }) => effect.target.getRootNode() === document).length
    """
    board.page.emulate_media(reduced_motion="no-preference")
    assert board.page.evaluate(moving) > 0
    board.page.emulate_media(reduced_motion="reduce")
    assert board.page.evaluate(moving) == 0


def test_a_logout_leaves_nothing_on_the_wall(board: Wallboard, pbx: PbxServer) -> None:
    board.open_with()
    pbx.incoming("queue:77")
    board.expect_parts("queue:77", waiting="1")
    board.page.evaluate("() => { connector.logout(); }")
    expect(board.page.get_by_role("heading", name="Log in to see the board")).to_be_visible()
    expect(board.page.locator("#board")).to_be_hidden()
    assert board.page.get_by_text("Alex Morgan").count() == 0


def test_everything_can_be_reached_by_keyboard(board: Wallboard) -> None:
    board.open()
    page = board.page
    log_in = page.get_by_role("button", name="Log in", exact=True).first
    log_in.focus()
    page.keyboard.press("Enter")
    expect(page.locator("cti-dialer").get_by_label("E-mail")).to_be_focused()
    page.keyboard.type("anna@example.com")
    page.keyboard.press("Tab")
    page.keyboard.type("demo")
    page.keyboard.press("Enter")
    expect(board.connection).to_have_text("Live", timeout=START)
    expect(page.locator("cti-dialer")).not_to_have_attribute("open", "")
    choose = page.get_by_role("button", name="Choose what is shown").first
    choose.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What is shown")).to_be_focused()
    page.keyboard.press("Escape")
    expect(choose).to_be_focused()


@pytest.mark.parametrize("state", ["busy", "late", "lost", "choosing", "logged out"])
def test_light_and_dark_wide_and_narrow(
    board: Wallboard, pbx: PbxServer, axe: str, state: str
) -> None:
    bring(board, pbx, state)
    wrong = []
    for size, (width, height) in SIZES.items():
        board.page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            wear(board.page, scheme)
            expect(board.page.locator("html")).to_have_attribute("data-bs-theme", scheme)
            wrong += [f"{size}, {scheme}: {finding}" for finding in board.findings(axe)]
            name = f"wallboard-{state.replace(' ', '-')}-{size}-{scheme}"
            take_picture(board.page, name)
    assert not wrong, "\n".join(wrong)


def bring(board: Wallboard, pbx: PbxServer, state: str) -> None:
    """Bring the board into a state that a supervisor knows."""
    if state == "logged out":
        board.open()
        expect(board.page.get_by_role("heading", name="Log in to see the board")).to_be_visible()
        return
    limits: dict[str, int] = {"warn": 1, "alarm": 1} if state == "late" else {}
    # No dialer comes up in front of what axe looks at.
    board.open_with(**limits, supervisor=True)
    talking = pbx.incoming("queue:77")
    board.expect_parts("queue:77", waiting="1")
    pbx.control(f"calls/{talking}/answer", {"user": "10003"})
    board.expect_parts("user:10003", state="Talking")
    pbx.control(f"calls/{talking}/hold")
    for name in ("Mia Karlsson", "A caller with a name as long as names of companies can be"):
        pbx.incoming("queue:77", name=name)
        pbx.incoming("conf:123456", name=name)
    expect(board.lines("queue:77", "Waiting")).to_have_count(2)
    expect(board.lines("conf:123456", "In it")).to_have_count(2)
    if state == "late":
        board.expect_parts("queue:77", state="Waiting too long")
        board.expect_parts("user:10003", state="On hold too long")
    elif state == "lost":
        pbx.control("sip", {"refuse": True})
        pbx.control("drop")
        expect(board.connection).to_have_text("Reconnecting…")
    elif state == "choosing":
        board.page.get_by_role("button", name="Choose what is shown").first.click()
        expect(board.page.get_by_role("dialog", name="What is shown")).to_be_visible()
