"""The border between Python and JavaScript: strings in both directions, in order, without loss."""

from __future__ import annotations

import pytest

from pycti.platform.border import Border


class Listener:
    """Records the events of a socket and runs an action of the test."""

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


def test_the_results_of_a_message_are_returned(border: Border, exported: list[str]):
    def on_page(page: int, text: str) -> None:
        border.post(page, f"to {page}: {text}")
        border.post(0, "to all")

    border.on_page = on_page
    assert border.enter("page", 3, "hello") == "p3 to 3: hello\0p0 to all"
    assert exported == []


def test_ready_is_exported_in_order(border: Border):
    def on_page(page: int, text: str) -> None:
        border.post(0, "READY")
        border.ready()

    border.on_page = on_page
    assert border.enter("page", 3, "hello") == "p0 READY\0r0 "


def test_output_outside_of_a_call_is_exported_at_once(border: Border, exported: list[str]):
    border.post(1, "one")
    socket = border.open_socket("wss://sip.test", Listener())
    socket.send("SIP")
    socket.close()
    assert exported == ["p1 one", "o1 wss://sip.test", "s1 SIP", "c1 "]


def test_a_socket_answer_and_its_events_are_returned_together(border: Border):
    listener = Listener()
    socket = border.open_socket("wss://sip.test", listener)

    def answer() -> None:
        socket.send("SIP/2.0 200 OK\r\n\r\n")
        border.post(0, '{"type":"event"}')

    listener.then = answer
    assert border.enter("text", 1, "NOTIFY") == 's1 SIP/2.0 200 OK\r\n\r\n\0p0 {"type":"event"}'
    assert listener.heard == ["NOTIFY"]


def test_waiting_messages_are_delivered_together_and_in_order(border: Border):
    listener = Listener()
    socket = border.open_socket("wss://sip.test", listener)
    listener.then = lambda: socket.send("once")
    assert border.enter("texts", 1, "NOTIFY 1\0\r\n\r\n\0NOTIFY 2") == "s1 once"
    assert listener.heard == ["NOTIFY 1", "\r\n\r\n", "NOTIFY 2"]


def test_each_socket_receives_its_own_messages(border: Border):
    one, two = Listener(), Listener()
    border.open_socket("wss://one.test", one)
    border.open_socket("wss://two.test", two)
    border.enter("open", 2)
    border.enter("text", 1, "for one")
    border.enter("text", 2, JsBytes())
    border.enter("close", 2, "closed with code 1006")
    assert one.heard == ["for one"]
    assert two.heard == ["opened", b"\xff\x00", "closed: closed with code 1006"]


def test_a_closed_socket_neither_receives_nor_sends(border: Border, exported: list[str]):
    listener = Listener()
    socket = border.open_socket("wss://sip.test", listener)
    socket.close()
    exported.clear()
    socket.close()
    socket.send("late")
    assert border.enter("text", 1, "late") == ""
    assert border.enter("close", 1, "late") == ""
    assert (listener.heard, exported) == ([], [])


def test_a_socket_that_the_server_closed_is_not_closed_again(border: Border, exported: list[str]):
    socket = border.open_socket("wss://sip.test", Listener())
    border.enter("close", 1, "gone")
    exported.clear()
    socket.send("late")
    socket.close()
    assert exported == []


def test_an_error_is_raised_and_earlier_output_is_exported(border: Border, exported: list[str]):
    def on_page(page: int, text: str) -> None:
        border.post(page, "before")
        raise RuntimeError("a defect")

    border.on_page = on_page
    with pytest.raises(RuntimeError):
        border.enter("page", 1, "hello")
    border.post(1, "after")
    assert exported == ["p1 before", "p1 after"]
