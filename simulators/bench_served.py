"""The servers of the benchmark, each a process of its own: python -m simulators.bench_served KIND."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import time
from collections.abc import Mapping
from itertools import islice
from typing import Any

# Rates would refuse the load; they are switched off, everything else is as it is served.
_OPTIONS: Mapping[str, Mapping[str, int]] = {"stripe": {"rate_per_second": 0}}


def main(kind: str) -> None:
    """Serve until standard input ends; the first line out says the base URLs and the secret key."""
    {"mock": _mock, "all": _all, "control": _control}[kind]()


class _Wall:
    def now(self) -> int:
        return time.time_ns() // 1000


def _mock() -> None:
    _run_mocks("stripe")


def _all() -> None:
    _run_mocks()


def _run_mocks(*names: str) -> None:
    from simulators.kit.memory import settle  # noqa: PLC0415 - the control must not pay for it
    from simulators.serve import Plan, serving  # noqa: PLC0415

    async def served() -> None:
        loop = asyncio.get_running_loop()
        plan = Plan(names, port_base=0, face="lean", seed="bench", options=_OPTIONS)
        async with serving(plan, _Wall(), loop.create_task) as mocks:
            settle()
            urls = {name: mock.url for name, mock in mocks.items()}
            _say({"urls": urls, "key": mocks["stripe"].credentials["secret_key"]})
            await loop.run_in_executor(None, sys.stdin.read)

    _on_uvloop(served())


def _control() -> None:
    """FastAPI under uvicorn, as one would write it in five minutes; its objects are smaller than ours."""
    import uvicorn  # noqa: PLC0415
    from fastapi import FastAPI, Request  # noqa: PLC0415

    app = FastAPI()
    customers: dict[str, dict[str, Any]] = {}

    async def create(request):  # type: ignore[no-untyped-def]
        form = dict(await request.form())
        made = {"id": f"cus_{len(customers)}", "object": "customer", **form}
        customers[made["id"]] = made
        return made

    async def retrieve(customer: str) -> Any:
        return customers[customer]

    async def some(limit: int = 10) -> Any:
        newest = list(islice(reversed(customers.values()), limit))
        return {"object": "list", "data": newest, "has_more": len(customers) > limit, "url": "/v1/customers"}

    # FastAPI reads annotations as objects; here they would be texts that it cannot resolve.
    create.__annotations__["request"] = Request
    retrieve.__annotations__["customer"], some.__annotations__["limit"] = str, int
    app.post("/v1/customers", response_model=None)(create)
    app.get("/v1/customers/{customer}", response_model=None)(retrieve)
    app.get("/v1/customers", response_model=None)(some)

    async def served() -> None:
        listener = _listener()
        config = uvicorn.Config(app, http="httptools", log_level="warning", access_log=False)
        server = uvicorn.Server(config)
        running = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:
            await asyncio.sleep(0.01)
        _say({"urls": {"stripe": f"http://127.0.0.1:{listener.getsockname()[1]}"}, "key": "sk_none"})
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
        server.should_exit = True
        await running

    _on_uvloop(served())


def _listener() -> socket.socket:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    return listener


def _on_uvloop(work: Any) -> None:
    import uvloop  # noqa: PLC0415

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work)


def _say(what: object) -> None:
    print(json.dumps(what), flush=True)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1])
