"""All mocks in a thread of this process, on free ports, for synchronous SDKs to call."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.request import Request, urlopen

from core.realtime import Crew, WallClock
from simulators.serve import Plan, Served, serving


class Sandboxes:
    """The mocks that answer: base URLs, credentials, and the control surface."""

    def __init__(self, served: Mapping[str, Served]) -> None:
        self._served = served

    def url(self, vendor: str) -> str:
        """Base URL, without a slash at the end."""
        return self._served[vendor].url

    def credentials(self, vendor: str) -> dict[str, str]:
        """How to sign in to the vendor as it is now."""
        return self._served[vendor].credentials

    def control(self, vendor: str, method: str, path: str, body: Any = None) -> Any:
        """One call of the control surface: control("stripe", "POST", "clock", {"advance": 5})."""
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.url(vendor)}/_tieout/{path}", data, method=method)
        with urlopen(request, timeout=20) as answer:
            return json.load(answer)


@contextmanager
def sandboxes(*names: str, options: Mapping[str, Mapping[str, int]] | None = None) -> Iterator[Sandboxes]:
    """The named mocks (all when none is named), until the block is left."""
    loop = asyncio.new_event_loop()
    ready: threading.Event = threading.Event()
    stop = asyncio.Event()
    found: dict[str, Any] = {}

    async def main() -> None:
        crew = Crew("tieout.conformance")
        try:
            plan = Plan(names, port_base=0, face="lean", seed="conformance", options=options)
            async with serving(plan, WallClock(), crew.spawn) as served:
                found["served"] = served
                ready.set()
                await stop.wait()
        except BaseException as error:
            found["error"] = error
            raise
        finally:
            ready.set()
            await crew.dismiss()

    thread = threading.Thread(target=_run, args=(loop, main()), daemon=True)
    thread.start()
    ready.wait(30)
    try:
        if "error" in found:
            raise found["error"]
        yield Sandboxes(found["served"])
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(30)


def _run(loop: asyncio.AbstractEventLoop, main: Coroutine[Any, Any, None]) -> None:
    loop.run_until_complete(main)
    loop.close()
