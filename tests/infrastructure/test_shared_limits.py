"""Two worker processes over one store, and a vendor that meters: together they keep to one pace."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field

import pytest
from aiohttp import web

from tests.servers import fresh_database, postgres_server  # noqa: F401 - a fixture

# What the vendor bears, and what it was agreed to ask (with the margin that the connectors have, too).
BEARS_A_SECOND, BEARS_AT_ONCE, A_DAY = 300, 6, 400
PACE = "Pace(5, per_second=250, per_day=400)"
WISHES = 300
# The request on which it asks to be left alone, and for how long.
_TOLD_AT, _ALONE_SECONDS = 300, 1


@dataclass
class Vendor:
    """Counts as vendors do: a sliding second, requests under way, the day. came: when, and from whom."""

    came: list[tuple[float, str]] = field(default_factory=list)
    busy: int = 0
    most: int = 0
    refused: list[str] = field(default_factory=list)
    told: float = 0.0

    async def serve(self, request: web.Request) -> web.Response:
        now = time.monotonic()
        self.came.append((now, request.headers["x-worker"]))
        self.busy += 1
        self.most = max(self.most, self.busy)
        try:
            await asyncio.sleep(0.01)
            if len(self.came) >= _TOLD_AT and not self.told:
                self.told = time.monotonic()
                return web.Response(status=429, headers={"retry-after": str(_ALONE_SECONDS)})
            if sum(at > now - 1 for at, _ in self.came) > BEARS_A_SECOND:
                self.refused.append("too many in a second")
            if self.busy > BEARS_AT_ONCE:
                self.refused.append("too many at once")
            if len(self.came) > A_DAY:
                self.refused.append("too many in a day")
            return web.json_response({})
        finally:
            self.busy -= 1


_WORKER = f"""
import asyncio, json, sys
from core.canonical.errors import Unavailable
from core.connectors.session import Exchange, Limits, Session, common_error
from core.opening import opened_store
from core.realtime import AioHttpTransport, LogWatch, WallClock
from core.reliability.ratelimit import Pace
from core.reliability.sharing import Shared

async def main(name, store_url, vendor_url):
    clock, found = WallClock(), dict(ok=0, told=0, over=0)
    async with opened_store(store_url) as store, AioHttpTransport() as transport:
        judge = lambda _, answer: None if answer.status == 200 else common_error("vendor", answer, "no")
        limits = Limits({PACE}, shared=Shared(store, name))
        session = Session("vendor", vendor_url, transport, LogWatch(clock), judge, None, clock, limits,
                          {{"x-worker": name}})
        print("ready", flush=True)
        sys.stdin.readline()

        async def one(n):
            try:
                await session.send(Exchange("pay", f"{{name}}/{{n}}", "POST", "/pay", True))
                found["ok"] += 1
            except Unavailable as error:
                found["told" if error.retry_after == {_ALONE_SECONDS} else "over"] += 1

        await asyncio.gather(*(one(n) for n in range({WISHES})))
    print(json.dumps(found))

asyncio.run(main(*sys.argv[1:]))
"""


async def played(store_url: str) -> tuple[Vendor, list[dict[str, int]]]:
    vendor, app = Vendor(), web.Application()
    app.router.add_post("/pay", vendor.serve)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}"  # type: ignore[union-attr]
    pipe = asyncio.subprocess.PIPE
    workers = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", _WORKER, name, store_url, url, stdin=pipe, stdout=pipe
        )
        for name in ("one", "two")
    ]
    for worker in workers:
        assert worker.stdout is not None
        await worker.stdout.readline()
    outputs = await asyncio.gather(*(worker.communicate(b"go\n") for worker in workers))
    await runner.cleanup()
    return vendor, [json.loads(out.splitlines()[-1]) for out, _ in outputs]


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_two_processes_keep_together_to_what_one_may(kind, tmp_path, request):
    async def main() -> tuple[Vendor, list[dict[str, int]]]:
        if kind == "sqlite":
            url = f"sqlite:{tmp_path}/core.db"
        else:
            url = await fresh_database(request.getfixturevalue("postgres_server"))
        return await asyncio.wait_for(played(url), 60)

    vendor, found = asyncio.run(main())
    assert vendor.refused == []
    assert vendor.most <= 5
    # The day's quota is used up and no more; what is left of it may be in the hand of one of the two.
    assert A_DAY - 50 <= len(vendor.came) <= A_DAY
    assert sum(each["ok"] for each in found) == len(vendor.came) - 1
    assert sum(each["told"] for each in found) == 1
    assert sum(sum(each.values()) for each in found) == 2 * WISHES
    assert {name for _, name in vendor.came} == {"one", "two"}
    # What one of them was told both keep to; a moment for the word to go round, and for what is under way.
    alone = [name for at, name in vendor.came if 0.3 < at - vendor.told < _ALONE_SECONDS - 0.05]
    assert alone == []
