"""Builds a world: mocks, network, core and people under one loop, everything seeded."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Hashable, Mapping
from contextvars import Context
from dataclasses import replace
from datetime import date
from typing import Any

from core.assemble import WEBHOOKS_OUT, Core, Endpoints, Surroundings, assemble, memory_bus
from core.observing.tracing import Span, SpanTracer
from core.ports.tracing import UNTRACED
from core.settings import Settings
from core.store.sqlite import SqliteStore
from scenarios.endpoints import endpoints
from scenarios.mapped import unpack_mappings
from scenarios.provision import Credentials, make_hands
from scenarios.spec import Spec
from scenarios.world.bank import Bank
from scenarios.world.chance import Chance
from scenarios.world.clock import WorldClock
from scenarios.world.consumer import Consumer
from scenarios.world.draws import KeyedDraws
from scenarios.world.epochs import noting
from scenarios.world.hosts import HOST, Host
from scenarios.world.loop import SimLoop
from scenarios.world.mailroom import Inbound, Mailroom
from scenarios.world.network import Asgi, Network
from scenarios.world.onlookers import Onlookers
from scenarios.world.outlived import come_to, forget_questions, settles_in
from scenarios.world.plant import NOTHING, Plant
from scenarios.world.powercut import Branch, Point, PowerCut
from scenarios.world.product import PRODUCT_SECRET, ProductLog
from scenarios.world.reach import Screens
from scenarios.world.recorder import Recorder
from scenarios.world.transfers import BANK_SECRET, Transfers
from simulators.kit.clock import day
from simulators.kit.ids import Ids
from simulators.kit.lean import lean_app
from simulators.kit.mock import Mock
from simulators.kit.mock import Surroundings as MockSurroundings
from simulators.kit.peer import Neighbours
from simulators.kit.spans import ServerSpan
from simulators.roster import VENDORS

CORE_URL = "http://core"
# Of which the secrets of those who are told outside are worked out.
OUTSIDE_SECRET = "lab-root-of-webhooks-out"
# Where a story names no day of its own, it begins in a year that has no 29 February in it.
START_US = 1_767_225_600_000_000  # 2026-01-01T00:00:00Z
# How the vendors' numbers are set in the lab: production limits, and time spent inside a call where
# a concurrency limit would otherwise never be felt.
OPTIONS: dict[str, dict[str, int]] = {"netsuite": {"service_us": 150_000}}


class World:
    """Everything of one run. plant: a mutant's bug; start: microseconds since 1970, a midnight;
    traced: whether spans are kept; branch: asked at each point where the power may be cut; outside: who is
    told of facts by webhook."""

    def __init__(
        self,
        loop: SimLoop,
        spec: Spec,
        settings: Settings,
        plant: Plant = NOTHING,
        start: int = START_US,
        *,
        traced: bool = False,
        branch: Branch | None = None,
        outside: Consumer | None = None,
    ) -> None:
        self.loop, self.spec, self.settings = loop, spec, plant.settings(settings)
        self._plant, self.outside = plant, outside
        self.start = start
        self.clock = WorldClock(loop, start)
        self.draws = KeyedDraws(spec.seed)
        self.plan = spec.plan()
        self.maps = unpack_mappings(spec.mappings)
        self.chance = Chance(self.plan, self.draws)
        self.spans: list[Span] = []
        self.served: list[ServerSpan] = []
        self._traced = traced
        # What survives a crash of the core's machine: its disk, and the broker.
        self.store = SqliteStore()
        tracer = SpanTracer(self.clock, "core", self.spans.append, self.store) if traced else UNTRACED
        self.recorder = Recorder(self.clock.now, noting(tracer))
        self.host = Host("core")
        self.inbound = Inbound(loop, self.host, spec.seed)
        self.network = Network(loop, self.draws, self.chance, self.recorder)
        self.network.crash = self.inbound.crash = self.crash
        self._kept: dict[asyncio.Task[Any], None] = {}
        self.apps: dict[str, Asgi] = {}
        self.mocks: dict[str, Mock] = {}
        self._neighbours = Neighbours(self.mocks)
        for name in VENDORS:
            self.mocks[name] = self._mock(name)
        plant.mocks(self.mocks)
        for drift in plant.drifts:
            arm = self.mocks[drift.system].schema.arm
            loop.call_later(drift.day * 86_400, arm, drift.change, context=Context())
        self.controls = plant.controls
        self.transfers = Transfers(self.clock.now, self._mailroom("bank"), self.spawn_outside)
        self.bank = Bank(
            lambda: self.mocks["stripe"].rules.history.changes, plant.bank_fee, self.transfers.lines
        )
        self.hands = make_hands(Screens(loop, self.apps).reach, self.credentials(), self.clock)
        self.seen = Onlookers(self.store, memory_bus(), self.clock.now)
        self.secrets: dict[str, str] = {"product": PRODUCT_SECRET, "bank": BANK_SECRET}
        if outside is not None:
            self.secrets[WEBHOOKS_OUT] = OUTSIDE_SECRET
        self.product = ProductLog(self.clock.now, self._mailroom("product"), self.spawn_outside)
        self.core: Core | None = None
        self.crashes, self.booted = 0, list[int]()
        self._branch = branch
        self.power = (
            None if spec.cut is None else PowerCut(spec.cut, self.crash, self._branches, self._lasting)
        )
        # Background work that failed: always an error of the harness or of a mock.
        self.failures = self.network.failures

    # --- mocks ---

    def _mailroom(self, sender: str) -> Mailroom:
        return Mailroom(sender, self.loop, self.draws, self.chance, self.recorder, self.inbound)

    def _mock(self, name: str) -> Mock:
        outbound = self._mailroom(name)
        around = MockSurroundings(
            self.clock, Ids(f"{self.spec.seed}/{name}"), outbound, self.spawn_outside, OPTIONS.get(name, {}),
            self._neighbours,
        )  # fmt: skip
        mock = Mock(VENDORS[name], around)
        self.apps[name] = lean_app(mock)
        self.network.attach(mock, self.apps[name])
        if self._traced:
            mock.trace(self.served.append)
        return mock

    def credentials(self) -> Credentials:
        """How to sign in anywhere."""
        return {name: mock.vendor.credentials(mock.rules) for name, mock in self.mocks.items()}

    def start_mocks(self) -> None:
        """The vendors' own periodic doings."""
        for mock in self.mocks.values():
            mock.wake()

    def undo_drifts(self) -> None:
        """The vendors' schemas as they were, unless the plant has them stay."""
        for mock in () if self._plant.stays else self.mocks.values():
            mock.schema.clear()

    def inside_stripe(self, kind: str, wish: Mapping[str, Any]) -> None:
        """What only the other side of the processor can do: banks, card networks."""
        stripe = self.mocks["stripe"]
        # A context of its own: the history must not blame the caller's request.
        Context().run(stripe.vendor.disturb, stripe.rules, kind, wish)

    # --- the core ---

    def endpoints(self) -> Endpoints:
        """The core's side of the sign-ins."""
        return endpoints({name: f"http://{name}" for name in VENDORS}, self.credentials(), self.secrets)

    def start_core(self) -> None:
        """Boot the core's machine: a new process on the old disk."""
        self.host.power_on()
        self.booted.append(self.clock.now())

        def boot() -> Core:
            around = Surroundings(
                self.network, self.recorder, self.clock, self.draws, self.seen.epochs.store,
                self.seen.outbox.bus, self.spawn_on_host, self.product, bank=self.transfers,
                outside=self.outside,
            )  # fmt: skip
            around = self._plant.around(around)
            if self.power is not None:
                around = self.power.wire(around)
            around = self.seen.epochs.wire(around)
            core = assemble(
                self.spec.model, self.endpoints(), around, self.settings, self._plant.desk, self.maps
            )
            core.start(self.spawn_on_host)
            return core

        self.core = self._on_host().run(boot)
        self.inbound.app = self._plant.door(self.core.webhooks, self.secrets, self.clock)

    def crash(self, down_seconds: float) -> None:
        """Power cut now, back after a while."""
        self.crashes += 1
        self.loop.crash(self.host)
        self.inbound.app = None
        self.loop.call_later(down_seconds, self._restart, context=Context())

    def _lasting(self) -> Hashable:
        """Whether anybody else has had a turn, and what the core has told the world."""
        told = self.recorder
        said = (len(told.attempts), told.ended, len(told.deliveries), len(told.receipts), len(told.alerts))
        return (self.loop.steps, *said)

    def _branches(self, number: int, point: Point, state: Hashable) -> bool:
        """From here on it is the run that its own token, with the cut in it, stands for."""
        cut = self._branch is not None and self._branch(number, point, state)
        if cut:
            self.spec = replace(self.spec, faults=f"cut{number}")
        return cut

    def _restart(self) -> None:
        if self.host.up:
            return
        if self.power is not None:
            self._compares()
            self.loop.call_later(settles_in(self.loop.now_us), self._compares, context=Context())
        self.start_core()

    def _compares(self) -> None:
        """A run that was cut with others that were."""
        forget_questions(self)
        if self._branch is not None:
            self._branch.has_come_to(come_to(self))

    async def run_job(self, name: str) -> None:
        """Press a button of the core, if it is up and has it, again if it dies of it; waits for the end."""
        if self.core is None or not self.host.up or name not in self.core.model.jobs:
            return
        while self.core is None or not self.host.up or not await self._press(self.core.model.jobs[name]):
            await asyncio.sleep(60)

    async def release_all(self) -> None:
        """An operator releases everything that is held, at a core that is up; once more if it dies of it."""
        while self.core is None or not self.host.up or not await self._press(self.core.model.redrive):
            await asyncio.sleep(60)

    async def take_back(self, flow: str, why: str) -> None:
        """An operator has the newest transaction of a flow taken back; nothing where a model has no such
        transactions."""
        newest, number = None, 1
        while (task := await self.store.task(number)) is not None:
            newest = task.id if task.queue == flow else newest
            number += 1
        if self.core is not None and newest is not None:
            await self.core.exceptions.undo(newest, why, "operator")

    async def _press(self, job: Callable[[], Awaitable[object]]) -> bool:
        """On the core's machine; whether it came to its end. Nobody waits for a machine that died."""
        done: asyncio.Future[None] = self.loop.create_future()

        async def press() -> None:
            await job()
            if not done.done():
                done.set_result(None)

        epoch = self.host.epoch
        self.spawn_on_host(press())
        while not done.done() and self.host.epoch == epoch:
            await asyncio.wait([done], timeout=60)
        return done.done()

    # --- tasks ---

    def spawn_outside(self, coro: Coroutine[Any, Any, None]) -> None:
        """Work of the world or of a vendor."""
        task = self.loop.create_task(coro, context=Context())
        self._kept[task] = None
        task.add_done_callback(self._ended)

    def spawn_on_host(self, coro: Coroutine[Any, Any, None]) -> None:
        """Work of the core's machine; dies with it."""
        task = self.loop.create_task(coro, context=self._on_host())
        self._kept[task] = None
        task.add_done_callback(self._ended)

    def _on_host(self) -> Context:
        context = Context()
        context.run(HOST.set, self.host)
        return context

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._kept.pop(task, None)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self.failures.append(error)

    def check(self) -> None:
        """RuntimeError for a fault that ended background work, or that a loop of the core outlived."""
        if self.failures:
            raise RuntimeError("background work failed") from self.failures[0]
        if self.recorder.counts["unforeseen"]:
            (said, *_) = [text for *_, text in self.recorder.alerts if ": unexpected " in text]
            raise RuntimeError(f"background work failed: {said}")

    def today(self) -> date:
        """The UTC date."""
        return day(self.clock.now())
