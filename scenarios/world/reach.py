"""How people reach the vendors' own screens: straight to a mock, past the network and its faults."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextvars import Context
from typing import Any

from scenarios.world.network import Asgi, exchange
from simulators.kit.schema import SETTLED


class Screens:
    """Of all vendors. loop: where the calls run."""

    def __init__(self, loop: asyncio.AbstractEventLoop, apps: Mapping[str, Asgi]) -> None:
        self._loop, self._apps = loop, apps

    async def reach(
        self, method: str, system: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of the answer."""
        plain, _, query = path.partition("?")
        wire = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        # People use the vendors' own screens, which change with the schema.
        wire.append((SETTLED.encode(), b"settled"))
        scope: dict[str, Any] = {
            "type": "http",
            "method": method,
            "scheme": "http",
            "path": plain,
            "raw_path": plain.encode(),
            "query_string": query.encode(),
            "headers": [*wire, (b"host", system.encode()), (b"content-length", str(len(body)).encode())],
        }
        # A call of its own context: the history must not blame the caller's request.
        task = self._loop.create_task(exchange(self._apps[system], scope, body), context=Context())
        response = await task
        return response.status, dict(response.headers), response.body
