"""Full, partial and version (RFC 4235 §3.7.2, §4.1.1)."""

from __future__ import annotations

import pytest

from pycti.sip.dialog_info import Change, DialogView, Verdict, parse_dialog_info

from .documents import dialog, document


@pytest.fixture
def view() -> DialogView:
    return DialogView()


def apply(view: DialogView, text: str, *, fetched: bool = False) -> Change:
    return view.apply(parse_dialog_info(text), fetched=fetched)


def told(change: Change) -> dict[str, str]:
    return {dialog.id: dialog.state for dialog in change.updated}


def test_the_first_full_document_applies_with_any_version(view):
    change = apply(view, document(41, dialog("1-1", "early")))
    assert change.verdict is Verdict.APPLIED
    assert told(change) == {"1-1": "early"}
    assert change.present == {"1-1"}


def test_a_partial_first_document_is_a_gap(view):
    assert apply(view, document(0, dialog("1-1", "early"), full=False)).verdict is Verdict.GAP
    assert view.version is None


def test_a_partial_document_with_the_next_version_applies(view):
    apply(view, document(1, dialog("1-1", "early"), dialog("2-1", "early")))
    change = apply(view, document(2, dialog("2-1", "confirmed"), full=False))
    assert told(change) == {"2-1": "confirmed"}
    assert change.present is None
    assert set(view.dialogs) == {"1-1", "2-1"}


def test_a_partial_document_after_a_missing_one_is_a_gap(view):
    apply(view, document(1, dialog("1-1", "early")))
    change = apply(view, document(3, dialog("1-1", "confirmed"), full=False))
    assert (change.verdict, change.updated) == (Verdict.GAP, ())
    assert view.dialogs["1-1"].state == "early"


def test_a_full_document_closes_any_gap(view):
    apply(view, document(1, dialog("1-1", "early")))
    assert told(apply(view, document(9, dialog("1-1", "confirmed")))) == {"1-1": "confirmed"}


@pytest.mark.parametrize("version", [0, 4, 5])
def test_a_full_document_applies_even_if_its_version_does_not_increase(view, version):
    """sip-facts 17: a NOTIFY without a higher CSeq would have been dropped before."""
    apply(view, document(5, dialog("1-1", "early")))
    change = apply(view, document(version, dialog("1-1", "confirmed")))
    assert (change.verdict, told(change)) == (Verdict.APPLIED, {"1-1": "confirmed"})
    assert not view.trusted


@pytest.mark.parametrize("version", [0, 4, 5])
def test_a_partial_document_whose_version_does_not_increase_is_a_gap(view, version):
    apply(view, document(5, dialog("1-1", "early")))
    change = apply(view, document(version, dialog("1-1", "confirmed"), full=False))
    assert change == Change(Verdict.GAP)
    assert view.dialogs["1-1"].state == "early"


def test_untrusted_versions_make_every_partial_document_a_gap(view):
    apply(view, document(1, dialog("1-1", "early")))
    apply(view, document(1, dialog("1-1", "confirmed")))
    assert apply(view, document(2, dialog("2-1", "early"), full=False)).verdict is Verdict.GAP
    assert told(apply(view, document(2, dialog("1-1", "confirmed"), dialog("2-1", "early")))) == {
        "2-1": "early"
    }
    view.renew()
    apply(view, document(5, dialog("1-1", "confirmed"), dialog("2-1", "early")))
    assert apply(view, document(6, dialog("2-1", "confirmed"), full=False)).verdict is Verdict.GAP


def test_a_repeated_full_document_confirms_the_state(view):
    """sip-facts 15: the answer to a refresh repeats the document and its version."""
    apply(view, document(5, dialog("1-1", "early")))
    change = apply(view, document(5, dialog("1-1", "early")))
    assert change == Change(Verdict.APPLIED, (), frozenset({"1-1"}))
    assert view.trusted


def test_a_repeated_partial_document_changes_nothing(view):
    apply(view, document(4, dialog("1-1", "early"), dialog("2-1", "early")))
    last = document(5, dialog("1-1", "confirmed"), dialog("2-1", "terminated"), full=False)
    apply(view, last)
    assert apply(view, last) == Change(Verdict.STALE)
    assert view.trusted


def test_a_fetched_partial_document_applies(view):
    """OpenSIPS sends one for an extension without any published state."""
    idle = document(0, dialog("103", "terminated"), full=False)
    assert apply(view, idle).verdict is Verdict.GAP
    assert apply(view, idle, fetched=True).verdict is Verdict.APPLIED


def test_versions_are_numbers_not_text(view):
    apply(view, document(9))
    assert apply(view, document(10, full=False)).verdict is Verdict.APPLIED


def test_an_unchanged_dialog_is_not_reported_again(view):
    """sip-facts 6: a re-INVITE usually causes two identical NOTIFYs."""
    apply(view, document(1, dialog("1-1", "confirmed")))
    change = apply(view, document(2, dialog("1-1", "confirmed")))
    assert change == Change(Verdict.APPLIED, (), frozenset({"1-1"}))


def test_a_repeated_terminated_dialog_is_reported_once(view):
    """sip-facts 4: for 10 to 12 s."""
    apply(view, document(1, dialog("1-1", "early")))
    assert told(apply(view, document(2, dialog("1-1", "terminated")))) == {"1-1": "terminated"}
    assert told(apply(view, document(3, dialog("1-1", "terminated")))) == {}
    assert apply(view, document(4)).present == frozenset()


def test_a_terminated_dialog_of_a_partial_document_is_not_kept(view):
    apply(view, document(1, dialog("1-1", "early")))
    apply(view, document(2, dialog("1-1", "terminated"), full=False))
    assert view.dialogs == {}


def test_a_notify_without_a_body_removes_all_dialogs(view):
    """sip-facts 5."""
    apply(view, document(4, dialog("1-1", "early")))
    assert view.clear().verdict is Verdict.DOUBTED
    assert view.clear(fetched=True) == Change(Verdict.APPLIED, (), frozenset())
    assert apply(view, document(4)) == Change(Verdict.APPLIED, (), frozenset())


def test_a_live_dialog_that_is_omitted_once_is_kept(view):
    """sip-facts 3: a server with several processes omits it from one document."""
    apply(view, document(1, dialog("1-1", "early"), dialog("2-1", "early")))
    change = apply(view, document(2, dialog("2-1", "early")))
    assert (change.verdict, change.present) == (Verdict.DOUBTED, frozenset({"1-1", "2-1"}))
    change = apply(view, document(3, dialog("1-1", "confirmed"), dialog("2-1", "early")))
    assert (change.verdict, len(change.updated)) == (Verdict.APPLIED, 1)


def test_a_live_dialog_that_a_fetched_state_omits_too_is_removed(view):
    apply(view, document(1, dialog("1-1", "early")))
    apply(view, document(2))
    assert apply(view, document(3), fetched=True) == Change(Verdict.APPLIED, (), frozenset())


def test_a_second_unfetched_document_does_not_remove_the_dialog(view):
    """sip-facts 16: FreeSWITCH sends ``full`` with only the dialog that changed."""
    apply(view, document(1, dialog("a", "confirmed")))
    for version, state in enumerate(("early", "confirmed", "confirmed"), 2):
        change = apply(view, document(version, dialog("b", state)))
        assert (change.verdict, change.present) == (Verdict.DOUBTED, {"a", "b"})


def test_a_fetched_state_that_omits_an_undoubted_dialog_only_doubts_it(view):
    """sip-facts 3: a server with several processes omits it from one document."""
    apply(view, document(1, dialog("1-1", "early")))
    assert apply(view, document(2), fetched=True).verdict is Verdict.DOUBTED
    assert apply(view, document(3), fetched=True) == Change(Verdict.APPLIED, (), frozenset())


def test_a_fetched_state_with_changes_may_predate_the_request(view):
    apply(view, document(1, dialog("a", "confirmed")))
    apply(view, document(2, dialog("b", "early")))
    assert apply(view, document(3, dialog("b", "confirmed")), fetched=True).present == {"a", "b"}
    both = document(4, dialog("a", "confirmed"), dialog("b", "confirmed"))
    assert apply(view, both).verdict is Verdict.APPLIED


def test_a_second_fetched_state_removes_the_dialog(view):
    apply(view, document(1, dialog("a", "confirmed")))
    apply(view, document(2, dialog("b", "early")))
    apply(view, document(3, dialog("b", "confirmed")), fetched=True)
    change = apply(view, document(4, dialog("b", "confirmed", hold=True)), fetched=True)
    assert change.present == {"b"}


def test_an_omitted_terminated_dialog_is_removed_at_once(view):
    apply(view, document(1, dialog("1-1", "terminated")))
    assert apply(view, document(2)) == Change(Verdict.APPLIED, (), frozenset())


def test_the_first_document_of_a_subscription_removes_dialogs_at_once(view):
    """sip-facts 13: after a restart no second document is needed."""
    apply(view, document(7, dialog("1-1", "early")))
    view.renew()
    assert apply(view, document(1)) == Change(Verdict.APPLIED, (), frozenset())


def test_a_new_subscription_resets_the_version_and_keeps_the_dialogs(view):
    apply(view, document(40, dialog("1-1", "early"), dialog("2-1", "early")))
    view.renew()
    change = apply(view, document(0, dialog("1-1", "early")))
    assert (change.verdict, change.updated, change.present) == (Verdict.APPLIED, (), {"1-1"})
