"""The dialog-info documents, as text."""

from xml.etree import ElementTree

import pytest

from pycti.pbx.directory import Kind, Party
from pycti.pbx.documents import dialog_info
from pycti.pbx.legs import Leg, State, Way

ANNA = Party(Kind.USER, "10002", "1002", "Anna Bell")
ALEX = Party(Kind.OUTSIDE, "+442036427900", "+442036427900", "Alex Morgan")
ENTITY = "sip:10002@pbx.example"
NS = {"d": "urn:ietf:params:xml:ns:dialog-info"}


def leg(state: State, remote: Party = ALEX, event: str = "", code: int = 0) -> Leg:
    return Leg(
        "1790000000000", 1, ANNA, remote, Way.RECIPIENT, 1790000000.7, "inbound",
        state=state, event=event, code=code,
    )  # fmt: skip


def write(*legs: Leg, full: bool = False) -> str:
    return dialog_info(ENTITY, "pbx.example", 3, legs, full=full)


def test_a_whole_document():
    assert write(leg(State.EARLY)) == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="3" state="partial"'
        ' entity="sip:10002@pbx.example">'
        '<dialog id="1790000000000-1" direction="recipient"><state>early</state>'
        '<local><identity display="Anna Bell">sip:1002@pbx.example</identity>'
        '<target uri="sip:10002@pbx.example">'
        '<param pname="+sip.rendering" pvalue="yes" />'
        '<param pname="timestamp.start" pvalue="1790000000" />'
        '<param pname="context" pvalue="inbound" /></target></local>'
        '<remote><identity display="Alex Morgan">sip:+442036427900@pbx.example</identity>'
        '<target uri="sip:+442036427900@pbx.example" /></remote></dialog></dialog-info>'
    )


def test_a_full_document_may_be_empty():
    root = ElementTree.fromstring(write(full=True))
    assert (root.get("state"), len(root)) == ("full", 0)


def test_a_held_dialog_is_confirmed_and_not_rendering():
    text = write(leg(State.HELD))
    assert "<state>confirmed</state>" in text
    assert 'pname="+sip.rendering" pvalue="no"' in text


def test_a_terminated_dialog_has_its_reason():
    text = write(leg(State.TERMINATED, event="rejected", code=486))
    assert '<state event="rejected" code="486">terminated</state>' in text


def test_a_hostile_name_is_escaped():
    name = '<img src=x onerror=alert(1)> & "co" ]]> </identity>'
    text = write(leg(State.EARLY, Party(Kind.OUTSIDE, "+441", "+441", name)))
    identity = ElementTree.fromstring(text).find(".//d:remote/d:identity", NS)
    assert identity is not None
    assert identity.get("display") == name
    assert "<img" not in text


@pytest.mark.parametrize("bad", ["\0", "\x1b", "\ud800", "\uffff"])
def test_characters_that_xml_does_not_allow_are_removed(bad):
    text = write(leg(State.EARLY, Party(Kind.OUTSIDE, "+441", "+441", f"A{bad}B")))
    identity = ElementTree.fromstring(text).find(".//d:remote/d:identity", NS)
    assert identity is not None
    assert identity.get("display") == "AB"


def test_a_party_without_a_name_has_no_display():
    text = write(leg(State.EARLY, Party(Kind.OUTSIDE, "anonymous", "anonymous")))
    assert "<remote><identity>sip:anonymous@pbx.example</identity>" in text
