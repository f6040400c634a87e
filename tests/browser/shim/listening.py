"""Helpers for tests of listeners: a call, its messages, and what the listeners receive."""

from __future__ import annotations

from typing import Any

from .harness import Shim, call_event

CALL = call_event("RINGING", direction="INBOUND", requestId="")["event"]["call"]
ADA = {"name": "Ada", "company": "Engines"}
POP = {"type": "pop", "call": CALL, "contact": ADA}
RECORD = {"key": "10002@pbx.example/143", "callId": "143", "outcome": "missed"}


def ringing(**more: Any) -> dict[str, Any]:
    return call_event("RINGING", direction="INBOUND", requestId="", **more)


def listen(shim: Shim, *names: str, **options: Any) -> None:
    """Make a connector whose listeners write to ``window.heard``."""
    shim.make(options)
    shim.run(
        """(names) => {
      window.heard = [];
      for (const name of names) cti.on(name, (event) => heard.push([name, event]));
    }""",
        names,
    )
    shim.up()


def heard(shim: Shim, count: int) -> list[Any]:
    shim.until("(count) => heard.length >= count", what=count)
    return shim.run("() => heard")
