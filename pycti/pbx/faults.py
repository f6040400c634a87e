"""Faults of the API, to test clients: errors, delays and cut connections."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase

from aiohttp import web

from pycti.pbx.answers import Handler, answer


@dataclass(slots=True)
class Fault:
    """A fault of requests whose path (below the API's base) matches ``path``.

    ``path`` may contain ``*``. After ``delay`` seconds the connection is cut (``drop``) or the
    answer is ``status``; with neither, the request is processed. ``times`` ``None`` means without
    limit.
    """

    path: str
    method: str = ""
    status: int | None = None
    delay: float = 0.0
    drop: bool = False
    times: int | None = None

    def matches(self, method: str, path: str) -> bool:
        """Return whether the fault applies to a request."""
        return (not self.method or self.method == method) and fnmatchcase(path, self.path)


class Faults:
    """The faults of one PBX."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Add a fault; the newest one that matches applies."""
        self._faults.insert(0, fault)

    def clear(self) -> None:
        """Remove all faults."""
        self._faults.clear()

    def listed(self) -> list[dict[str, object]]:
        """Return the pending faults, for display."""
        return [asdict(fault) for fault in self._faults]

    async def run(self, handler: Handler, request: web.Request, path: str) -> web.StreamResponse:
        """Handle ``request``, or apply a fault."""
        fault = next((one for one in self._faults if one.matches(request.method, path)), None)
        if fault is None:
            return await handler(request)
        if fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                self._faults.remove(fault)
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.drop:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()  # it is never sent
        if fault.status is not None:
            return answer({"message": f"Fault on demand: {fault.status}."}, fault.status)
        return await handler(request)
