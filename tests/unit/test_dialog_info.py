"""Dialog-info documents (RFC 4235): parsing and rejection."""

from __future__ import annotations

import pytest

from pycti.errors import MessageError
from pycti.sip.dialog_info import Dialog, DialogView, address_number, parse_dialog_info

from .documents import dialog, document

VENDOR = """<?xml version="1.0"?>
<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="7" state="partial"
             entity="sip:10002@pbx.test">
  <dialog id="1432310571129-1" call-id="abc@pbx" direction="receiver">
    <state event="remote-bye" code="486"> Terminated </state>
    <local>
      <identity display=" Anna ">sip:10002@pbx.test</identity>
      <target uri="sip:10002@pbx.test">
        <param pname="+sip.rendering" pval="no"/>
        <param pname="timestamp.start" pval="1432310571"/>
        <param pname="context" pvalue="sales"/>
      </target>
    </local>
    <remote>
      <identity display="Ben">sip:+442036427900@pbx.test;transport=udp</identity>
    </remote>
    <something-new xmlns="urn:x"/>
  </dialog>
  <note>not a dialog</note>
</dialog-info>"""

BARE = (
    '<dialog-info version="0" state="full"><dialog id="1"><state>early</state>{}</dialog>'
    "</dialog-info>"
)


def only(text: str) -> Dialog:
    (found,) = parse_dialog_info(text).dialogs
    return found


def refused(text: str) -> str:
    with pytest.raises(MessageError) as caught:
        parse_dialog_info(text)
    assert caught.value.status == 400
    assert len(caught.value.message) < 200
    return caught.value.message


class TestParsing:
    def test_a_document_is_parsed(self):
        info = parse_dialog_info(VENDOR)
        assert (info.entity, info.version, info.full) == ("sip:10002@pbx.test", 7, False)

    def test_a_dialog_of_the_vendor_is_parsed(self):
        found = only(VENDOR)
        assert (found.id, found.call_id, found.state) == (
            "1432310571129-1",
            "abc@pbx",
            "terminated",
        )
        assert (found.event, found.code, found.incoming) == ("remote-bye", 486, True)
        assert found.terminated
        assert (found.local.number, found.local.name) == ("10002", "Anna")
        assert (found.remote.number, found.remote.name) == ("+442036427900", "Ben")
        assert found.remote.params is None
        assert found.local.params["context"] == "sales"
        assert found.start_time == 1432310571000

    @pytest.mark.parametrize("name", ["pval", "pvalue"])
    def test_both_spellings_of_a_parameter_value_are_parsed(self, name):
        """RFC 4235 §4.1.6.2 defines pvalue; one vendor writes pval."""
        assert only(
            document(1, dialog("1-1", "confirmed", hold=True)).replace("pval", name)
        ).on_hold

    def test_a_side_without_media_is_on_hold(self):
        text = document(1, dialog("1-1", "confirmed", hold=True))
        text = text.replace("<local>", "<x>").replace("</local>", "</x>")
        assert not only(text).on_hold
        assert only(text.replace("<x>", "<remote>").replace("</x>", "</remote>")).on_hold

    def test_a_side_with_media_is_not_on_hold(self):
        text = document(1, dialog("1-1", "confirmed", hold=True)).replace('pval="no"', 'pval="yes"')
        assert not only(text).on_hold

    def test_a_param_may_have_no_value_and_no_name(self):
        text = document(1, dialog("1-1", "early", start="1")).replace(' pval="1"', "")
        assert only(text).start_time is None
        assert only(text.replace('pname="timestamp.start"', "")).local.params == {"": ""}

    @pytest.mark.parametrize("start", ["", "-1", "1.5", "soon", "\u0661", "9" * 12, "9" * 9999])
    def test_an_implausible_start_time_is_ignored(self, start):
        assert only(document(1, dialog("1-1", "early", start=start))).start_time is None

    @pytest.mark.parametrize("word", ["Trying", "TRYING", " trying\n"])
    def test_states_are_case_insensitive(self, word):
        """sip-facts 1."""
        assert only(document(1, dialog("1-1", word))).state == "trying"

    @pytest.mark.parametrize(
        ("direction", "incoming"),
        [
            ("recipient", True),
            ("receiver", True),
            ("Recipient", True),
            ("initiator", False),
            ("", False),
        ],
    )
    def test_both_spellings_of_inbound_are_parsed(self, direction, incoming):
        assert only(document(1, dialog("1-1", "early", direction=direction))).incoming is incoming

    @pytest.mark.parametrize("code", ["", "48", "4866", "abc", "\u0664\u0668\u0666"])
    def test_a_code_that_is_no_sip_status_is_ignored(self, code):
        assert only(document(1, dialog("1-1", "terminated", code=code))).code is None

    def test_sides_may_be_missing(self):
        text = BARE.format("")
        found = only(text)
        assert (found.local.number, found.remote.number, found.start_time) == ("", "", None)
        assert not found.on_hold

    def test_an_empty_side_has_no_number_and_no_name(self):
        text = BARE.format("<local/><remote><identity/></remote>")
        assert only(text).remote.number == ""

    def test_the_state_of_the_document_is_case_insensitive(self):
        assert parse_dialog_info('<dialog-info version="0" state="Full"/>').full

    def test_a_document_may_have_no_dialogs(self):
        assert parse_dialog_info(document(3)).dialogs == ()


class TestRefusals:
    def test_a_doctype_is_rejected_before_parsing(self):
        """Billion laughs: entities would expand without bound."""
        laughs = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>' + document(1)
        assert "DOCTYPE" in refused(laughs)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "hello",
            "<dialog-info",
            '<dialog-info version="1" state="full">',
            '<dialog-info version="1" state="full">&b;</dialog-info>',
            "<!doctype x><dialog-info/>",
            "\ud800",
            '<dialog-info version="1" state="full">\x00</dialog-info>',
            '<?xml version="1.0" encoding="nonsense"?><dialog-info version="1" state="full"/',
        ],
    )
    def test_malformed_xml_is_rejected(self, text):
        refused(text)

    def test_another_root_element_is_rejected(self):
        assert "presence" in refused("<presence/>")
        refused(f"<{'x' * 5000}/>")

    @pytest.mark.parametrize("version", ["", "-1", "1.0", "one", "\u0661", "9" * 16, "9" * 9999])
    def test_a_version_that_is_no_number_is_rejected(self, version):
        refused(f'<dialog-info version="{version}" state="full"/>')

    @pytest.mark.parametrize("state", ["", "half"])
    def test_a_state_other_than_full_or_partial_is_rejected(self, state):
        refused(f'<dialog-info version="1" state="{state}"/>')

    @pytest.mark.parametrize(
        "element",
        [
            '<dialog id="1"><state/></dialog>',
            '<dialog id="1"><state>dreaming</state></dialog>',
            '<dialog id=""><state>early</state></dialog>',
            "<dialog><state>early</state></dialog>",
        ],
    )
    def test_a_malformed_dialog_does_not_hide_the_others(self, element):
        good = '<dialog id="2"><state>early</state></dialog>'
        text = f'<dialog-info version="1" state="full">{element}{good}</dialog-info>'
        info = parse_dialog_info(text)
        assert [dialog.id for dialog in info.dialogs] == ["2"]
        assert len(info.broken) == 1

    def test_an_empty_dialog_element_is_ignored(self):
        """Some servers report an idle extension like this."""
        info = parse_dialog_info(
            '<dialog-info version="1" state="full"><dialog id="103"/></dialog-info>'
        )
        assert (info.dialogs, info.broken) == ((), frozenset())

    def test_a_known_dialog_with_an_unknown_state_is_unchanged(self):
        view = DialogView()
        early = '<dialog id="1"><state>early</state></dialog>'
        view.apply(
            parse_dialog_info(f'<dialog-info version="1" state="full">{early}</dialog-info>')
        )
        odd = '<dialog id="1"><state>odd</state></dialog>'
        change = view.apply(
            parse_dialog_info(f'<dialog-info version="2" state="full">{odd}</dialog-info>')
        )
        assert (change.updated, change.present) == ((), frozenset({"1"}))
        assert view.dialogs["1"].state == "early"

    def test_very_deep_documents_are_parsed_or_rejected(self):
        deep = "<a>" * 100_000 + "</a>" * 100_000
        assert (
            parse_dialog_info(f'<dialog-info version="1" state="full">{deep}</dialog-info>').dialogs
            == ()
        )


@pytest.mark.parametrize(
    ("uri", "number"),
    [
        ("sip:10002@pbx.test", "10002"),
        ("SIPS:10002@pbx.test:5061", "10002"),
        ("sip:+442036427900@pbx.test;transport=udp", "+442036427900"),
        ("sip:100;phone-context=x@pbx.test;user=phone", "100"),
        ("  sip:10002@pbx.test\n  ", "10002"),
        ("<sip:10002@pbx.test>", "10002"),
        ("sip:%2B44203@pbx.test", "+44203"),
        ("sip:a%40b@pbx.test", "a@b"),
        ("sip:%ff@pbx.test", "\ufffd"),
        ("tel:+442036427900;ext=5", "+442036427900"),
        ("TEL:100", "100"),
        ("\n    tel:+442036427900\n  ", "+442036427900"),
        ("<tel:+442036427900>", "+442036427900"),
        ("sip:pbx.test", ""),
        ("10002", ""),
        ("", ""),
    ],
)
def test_the_number_of_an_identity(uri, number):
    """RFC 3261 §19.1.1, RFC 3966 §3; sip-facts 7."""
    assert address_number(uri) == number
