"""A toy vendor on the virtual network: it counts, it can be slow, and it speaks in plain JSON."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import Context, ContextVar
from dataclasses import dataclass, field
from typing import Any

from core.ports.world import Request, Response
from scenarios.faults import Fault, Plan
from scenarios.world.chance import Chance
from scenarios.world.draws import KeyedDraws
from scenarios.world.hosts import HOST, Host
from scenarios.world.loop import SimLoop, run
from scenarios.world.network import Network
from scenarios.world.recorder import Recorder
from simulators.kit.acts import act
from simulators.kit.history import CAUSE
from simulators.kit.ids import Ids
from simulators.kit.lean import lean_app
from simulators.kit.mock import Mock, Surroundings, Vendor
from simulators.kit.table import Call, Reply, Route, json_reply

TIMEOUT = 30.0
# A variable of the client's context; the server must not see it.
TENANT: ContextVar[str] = ContextVar("tenant", default="nobody")


@dataclass
class ToyRules:
    """What the toy remembers: when each item was added, and what its context looked like."""

    now: Callable[[], int]
    added: list[tuple[str, int]] = field(default_factory=list)
    seen: list[tuple[str, str, str]] = field(default_factory=list)
    token: int = 1
    service_seconds: float = 0.0


async def add(rules: ToyRules, call: Call) -> Reply:
    host = HOST.get()
    rules.seen.append((CAUSE.get(), TENANT.get(), host.name if host else ""))
    TENANT.set("server")
    await asyncio.sleep(rules.service_seconds)
    name = call.params["name"]
    rules.added.append((name, rules.now()))
    return json_reply(201, {"name": name, "count": len(rules.added)})


async def door(rules: ToyRules, route: Route, call: Call) -> Reply:
    if call.headers.get("authorization") != f"token {rules.token}":
        return json_reply(401, {"error": "expired"})
    return await route.handler(rules, call)


def trouble(_: Any, kind: str, call: Call) -> Reply | None:
    match kind:
        case "throttled":
            return json_reply(429, {"error": "slow down"}, (("Retry-After", "7"),))
        case "error_in_ok":
            return json_reply(200, {"success": False, "error": "not done"})
    return None


def expire(rules: ToyRules, _: Any) -> None:
    """Every token is worthless."""
    rules.token += 1


def toy(name: str) -> Vendor:
    """The toy under a name that faults may be aimed at."""
    table = (Route("POST", "/items/{name}", "add", add, "add an item"),)
    return Vendor(
        name, "Toy", 4200, table, lambda around: ToyRules(around.clock.now), door, trouble,
        {"expire_tokens": act(expire)}, lambda rules: {},
    )  # fmt: skip


@dataclass
class LoopClock:
    """Microseconds since the start of the run."""

    loop: SimLoop

    def now(self) -> int:
        return self.loop.now_us


class Lab:
    """A loop, a network with one toy, a recorder, and the core's host."""

    def __init__(self, loop: SimLoop, *faults: Fault, seed: int = 1, system: str = "zuora") -> None:
        self.loop, self.system = loop, system
        self.draws = KeyedDraws(seed)
        self.chance = Chance(Plan("test", faults), self.draws)
        self.recorder = Recorder(lambda: loop.now_us)
        self.network = Network(loop, self.draws, self.chance, self.recorder)
        around = Surroundings(LoopClock(loop), Ids("toy"), None, loop.create_task)  # type: ignore[arg-type]
        self.mock = Mock(toy(system), around)
        self.rules: ToyRules = self.mock.rules
        self.network.attach(self.mock, lean_app(self.mock))
        self.host = Host("core")

    async def add(self, name: str, *, key: str | None = None, token: int = 1) -> Response:
        """A fake session: begin, send, end."""
        recorder = self.recorder
        attempt = recorder.begin(self.system, "add", key or f"item:{name}", write=True)
        headers = {"Authorization": f"token {token}"}
        url = f"http://{self.system}/items/{name}?x=1"
        request = Request("POST", url, headers, b"{}", self.system, "add", attempt, True, TIMEOUT)
        response = await self.network.send(request)
        recorder.end(attempt, "ok" if response.status == 201 else "fail")
        return response

    def on_host(self, coro: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """A task of the core's machine."""
        context = Context()
        context.run(HOST.set, self.host)
        return self.loop.create_task(coro, context=context)


def in_lab(
    story: Callable[[Lab], Awaitable[Any]], *faults: Fault, seed: int = 1, system: str = "zuora"
) -> Any:
    """Play a story in a lab with these faults."""

    async def main(loop: SimLoop) -> Any:
        return await story(Lab(loop, *faults, seed=seed, system=system))

    return run(main, step_budget=200_000)


def body(response: Response) -> Any:
    """The JSON of an answer."""
    return json.loads(response.body)
