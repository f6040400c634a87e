"""Names from the page's own directory, if the network sends none."""

from __future__ import annotations

from collections.abc import Callable

from .conftest import PbxServer
from .tab import LOOKUP, Tab

Tabs = Callable[..., Tab]
NUMBER = "+4930901820"


def unnamed(pbx: PbxServer) -> str:
    """Let a caller without a name call."""
    return str(pbx.control("incoming", {"to": "10002", "from": NUMBER})["id"])


def test_a_lookup_fills_the_name_in_later_events_and_in_the_calls(
    new_tab: Tabs, pbx: PbxServer
) -> None:
    tab = new_tab(LOOKUP)
    tab.login()
    pbx.control("phones/10002", {"ring_time": 600})

    call_id = unnamed(pbx)
    (told,) = tab.heard("contact")
    tab.run("answer", call_id)

    # The event itself did not wait for the lookup.
    assert tab.wait("RINGING")["call"]["sourceName"] == ""
    assert told["contact"]["company"] == "Morgan Ltd"
    assert (told["call"]["id"], told["call"]["sourceName"]) == (call_id, "Alexandra Morgan")
    assert tab.evaluate("connector.calls.map((call) => call.sourceName)") == ["Alexandra Morgan"]
    connected = tab.wait("CONNECTED")["call"]
    assert connected["sourceName"] == "Alexandra Morgan"
    assert tab.evaluate("asked") == [NUMBER]


def test_a_number_is_looked_up_once_in_one_tab(new_tab: Tabs, pbx: PbxServer) -> None:
    one = new_tab(LOOKUP)
    one.login()
    unnamed(pbx)
    one.heard("contact")

    other = new_tab(LOOKUP)
    unnamed(pbx)

    assert other.wait("RINGING", 2)["call"]["sourceName"] == "Alexandra Morgan"
    assert other.heard("contact")[0]["contact"]["name"] == "Alexandra Morgan"
    assert (one.evaluate("asked"), other.evaluate("asked")) == ([NUMBER], [])


def test_a_name_from_the_network_is_kept(new_tab: Tabs, pbx: PbxServer) -> None:
    tab = new_tab(LOOKUP)
    tab.login()

    pbx.incoming(name="Alex Morgan")

    (told,) = tab.heard("contact")
    assert told["call"]["sourceName"] == "Alex Morgan"


def test_an_outbound_call_has_the_name_of_the_called_party(new_tab: Tabs, pbx: PbxServer) -> None:
    tab = new_tab(LOOKUP)
    tab.login()

    outcome = tab.run("call", NUMBER)

    assert outcome["call"]["destinationName"] == "Alexandra Morgan"
    assert tab.wait("CONNECTED")["call"]["destinationName"] == "Alexandra Morgan"


def test_a_lookup_that_fails_only_leaves_the_name_empty(
    new_tab: Tabs, pbx: PbxServer, trouble: list[str]
) -> None:
    tab = new_tab("""connector.lookup = (number) => {
      if (number.endsWith("1")) throw new Error("no directory");
      return { name: 5, more: () => {} };
    };""")
    tab.login()

    with tab.page.expect_console_message(lambda message: "no directory" in message.text):
        pbx.control("incoming", {"to": "10002", "from": "+4930901821"})
    with tab.page.expect_console_message(lambda message: "cannot be" in message.text):
        pbx.control("incoming", {"to": "10002", "from": "+4930901822"})

    tab.heard("pop", 2)
    assert [pop["contact"] for pop in tab.heard("pop")] == [None, None]
    assert tab.evaluate("heard.contact") == []
    trouble.clear()


def test_lookup_may_be_set_late_and_a_new_one_asks_again(new_tab: Tabs, pbx: PbxServer) -> None:
    tab = new_tab()
    tab.login()
    pbx.control("phones/10002", {"ring_time": 600})
    unnamed(pbx)
    tab.wait("RINGING")

    tab.evaluate("connector.lookup = async () => ({ name: 'Ada' })")
    tab.heard("contact")
    tab.evaluate("connector.lookup = async () => ({ name: 'Bea' })")
    told = tab.heard("contact", 2)

    assert [event["call"]["sourceName"] for event in told] == ["Ada", "Bea"]
    assert tab.evaluate("connector.calls[0].sourceName") == "Bea"
