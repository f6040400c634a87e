"""NOTIFY bodies that Kamailio 5.6.3 sent, unmodified, through the view and the call table."""

from __future__ import annotations

from pathlib import Path

import pytest

from pycti.calls.table import CallTable
from pycti.sip.dialog_info import DialogView, parse_dialog_info

DATA = Path(__file__).parent / "data"


def recorded(name: str) -> list[str]:
    files = sorted(DATA.glob(f"{name}.*.xml"), key=lambda file: int(file.name.split(".")[-2]))
    assert files
    return [file.read_bytes().decode() for file in files]


def replay(texts: list[str], user: str) -> list[str]:
    """Return the events of a page: ``id's end:EVENT``."""
    view, table = DialogView(), CallTable()
    table.own = f"user:{user}"
    told, newest = [], -1
    for number, text in enumerate(texts):
        info = parse_dialog_info(text)
        # Kamailio's CSeq increases with its version; a subscription drops out-of-order documents.
        if info.version <= newest:
            continue
        newest = info.version
        change = view.apply(info)
        for event in table.update(table.own, change, float(number), 1000 * number):
            told.append(f"{event.call.id[-1]}:{event.name}")
    assert table.running() == []
    return told


@pytest.mark.parametrize("path", sorted(DATA.glob("*.xml")), ids=lambda path: path.name)
def test_every_document_can_be_parsed(path):
    info = parse_dialog_info(path.read_bytes().decode())
    assert info.full
    assert all(dialog.call_id and dialog.remote.number for dialog in info.dialogs)


def test_a_call_that_is_answered_and_hung_up():
    """The previous call, which is still in every document, is not reported."""
    assert replay(recorded("b_call.100"), "100") == ["8:RINGING", "8:CONNECTED", "8:HANGUP"]


def test_a_call_that_is_held_and_resumed():
    assert replay(recorded("b_hold.200"), "200") == [
        "7:RINGING",
        "7:CONNECTED",
        "7:ON_HOLD",
        "7:CONNECTED",
        "7:HANGUP",
    ]


def test_a_blind_transfer_seen_by_the_transferred_party():
    assert replay(recorded("x_transfer_callee.200"), "200") == [
        "3:RINGING",
        "3:CONNECTED",
        "3:HANGUP",
        "4:RINGING",
        "4:CONNECTED",
        "4:HANGUP",
    ]


def test_out_of_order_documents_report_nothing_twice():
    texts = recorded("b_call.100")
    shuffled = [texts[0], texts[2], texts[1], texts[3], texts[3], texts[5], texts[4]]
    assert replay(shuffled, "100") == ["8:RINGING", "8:CONNECTED", "8:HANGUP"]
