"""The embedded PBX, with the built bundle, on one loopback port."""

from __future__ import annotations

import asyncio
import json
import threading
import urllib.error
import urllib.request
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from bundled import built

from pycti.pbx import Pbx

PACE = 0.1
"""The times of the PBX's phones, as a factor of the demo's times."""


class PbxServer:
    """The PBX in its own thread. Tests use its control API, as any program can."""

    def __init__(self, pages: Path | None = None) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        served = pages or built()
        # "null": there are tests with pages in a sandbox.
        self._pbx = Pbx(control=True, pages=served, pace=PACE, names=["null"])
        self._run(self._pbx.start())
        self.url = self._pbx.url
        self.api = f"{self.url}/v1.2/voipstudio"

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def control(self, path: str, data: dict[str, Any] | None = None) -> dict[str, Any]:
        """POST to the control API; raise if it refuses."""
        body = json.dumps(data or {}).encode()
        request = urllib.request.Request(
            f"{self.url}/_pbx/{path}", body, {"Content-Type": "application/json"}
        )
        return self._open(request)

    def state(self) -> dict[str, Any]:
        return self._open(urllib.request.Request(f"{self.url}/_pbx/state"))

    def incoming(self, to: str = "10002", name: str = "Alex Morgan") -> str:
        """Let someone call; return the call's id."""
        call = {"to": to, "from": "+442036427900", "name": name}
        return str(self.control("incoming", call)["id"])

    def _open(self, request: urllib.request.Request) -> dict[str, Any]:
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{request.full_url}: {error.read().decode()}") from None

    def stop(self) -> None:
        self._run(self._pbx.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
