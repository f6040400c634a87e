"""The border between Python and JavaScript: one string each way, in order, nothing lost."""

from __future__ import annotations

import pytest

from pycti.platform.border import Border


class Listener:
    """Hears what happens on a socket, and does what a test wants done then."""

    def __init__(self) -> None:
        self.heard: list[object] = []
        self.then = lambda: None

    def opened(self) -> None:
        self.heard.append("opened")
        self.then()

    def received(self, *messages: str | bytes) -> None:
        self.heard += messages
        self.then()

    def closed(self, reason: str) -> None:
        self.heard.append(f"closed: {reason}")


class JsBytes:
    def to_bytes(self) -> bytes:
        return b"\xff\x00"


@pytest.fixture
def exported() -> list[str]:
    return []


@pytest.fixture
def border(exported: list[str]) -> Border:
    return Border(exported.append)


def test_what_follows_from_a_message_leaves_as_its_result(border: Border, exported: list[str]):
    def on_page(page: int, text: str) -> None:
        border.post(page, f"to {page}: {text}")
        border.post(0, "to all")

    border.on_page = on_page
    assert border.enter("page", 3, "hello") == "p3 to 3: hello\0p0 to all"
    assert exported == []


def test_that_the_session_is_ready_is_said_in_its_turn(border: Border):
    def on_page(page: int, text: str) -> None:
        border.post(0, "READY")
        border.ready()

    border.on_page = on_page
    assert border.enter("page", 3, "hello") == "p0 READY\0r0 "


def test_what_nobody_waits_for_leaves_at_once(border: Border, exported: list[str]):
    border.post(1, "one")
    socket = border.open_socket("wss://sip.test", Listener())
    socket.send("SIP")
    socket.close()
    assert exported == ["p1 one", "o1 wss://sip.test", "s1 SIP", "c1 "]


def test_an_answer_on_the_socket_and_its_events_leave_together(border: Border):
    listener = Listener()
    socket = border.open_socket("wss://sip.test", listener)

    def answer() -> None:
        socket.send("SIP/2.0 200 OK\r\n\r\n")
        border.post(0, '{"type":"event"}')

    listener.then = answer
    assert border.enter("text", 1, "NOTIFY") == 's1 SIP/2.0 200 OK\r\n\r\n\0p0 {"type":"event"}'
    assert listener.heard == ["NOTIFY"]


def test_what_waited_comes_at_once_and_in_order(border: Border):
    listener = Listener()
    socket = border.open_socket("wss://sip.test", listener)
    listener.then = lambda: socket.send("once")
    assert border.enter("texts", 1, "NOTIFY 1\0\r\n\r\n\0NOTIFY 2") == "s1 once"
    assert listener.heard == ["NOTIFY 1", "\r\n\r\n", "NOTIFY 2"]


def test_each_socket_hears_its_own(border: Border):
    one, two = Listener(), Listener()
    border.open_socket("wss://one.test", one)
    border.open_socket("wss://two.test", two)
    border.enter("open", 2)
    border.enter("text", 1, "for one")
    border.enter("text", 2, JsBytes())
    border.enter("close", 2, "closed with code 1006")
    assert one.heard == ["for one"]
    assert two.heard == ["opened", b"\xff\x00", "closed: closed with code 1006"]


def test_a_closed_socket_hears_and_says_nothing_more(border: Border, exported: list[str]):
    listener = Listener()
    socket = border.open_socket("wss://sip.test", listener)
    socket.close()
    exported.clear()
    socket.close()
    socket.send("late")
    assert border.enter("text", 1, "late") == ""
    assert border.enter("close", 1, "late") == ""
    assert (listener.heard, exported) == ([], [])


def test_a_socket_that_the_other_side_closed_is_not_closed_again(
    border: Border, exported: list[str]
):
    socket = border.open_socket("wss://sip.test", Listener())
    border.enter("close", 1, "gone")
    exported.clear()
    socket.send("late")
    socket.close()
    assert exported == []


def test_an_error_comes_through_and_what_was_said_before_is_not_lost(
    border: Border, exported: list[str]
):
    def on_page(page: int, text: str) -> None:
        border.post(page, "before")
        raise RuntimeError("a defect")

    border.on_page = on_page
    with pytest.raises(RuntimeError):
        border.enter("page", 1, "hello")
    border.post(1, "after")
    assert exported == ["p1 before", "p1 after"]
