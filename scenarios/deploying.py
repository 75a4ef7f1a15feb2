"""The lab as it is run for real: mocks here, the core as processes that may die and come back."""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import aiohttp
from rich.console import Console
from rich.table import Table

from core.assemble import MODELS, WEBHOOKS_OUT, Endpoints
from core.canonical.errors import Unavailable
from core.deployment import BadDeployment, Deployment, live_maps
from core.environment import BadEnvironment, said
from core.opening import BadAddress, check_addresses, opened_bus, opened_store
from core.realtime import Crew, WallClock
from core.settings import Settings
from core.store.migrating import TooNew
from scenarios.children import Child
from scenarios.endpoints import endpoints
from scenarios.entrants import admitting
from scenarios.holding import alone_at, alone_in
from scenarios.mock_spans import trace_mocks
from scenarios.profiles.profile import read_profile
from scenarios.provision import provision
from scenarios.serving import CORE_PORT, PROFILE, Lab, impatient, reachable, reaching
from scenarios.standing_secrets import BadSecrets, Standing, standing
from simulators.kit.memory import settle
from simulators.roster import VENDORS
from simulators.serve import Plan, ServeError, asked_to_stop, listen, run, serving

# Models that link without a durable memory that workers could share.
ALONE = frozenset({"direct", "batch"})
_START_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be up. store: "" for a SQLite file in the data folder; data: None for a temporary folder;
    traces: a folder for the spans of all processes, those of the mocks among them; otlp: the address of a
    collector for them; registry, environment: whose mappings the core runs on, None and "" for those that
    come with it."""

    plan: Plan
    model: str = "hybrid"
    workers: int = 2
    store: str = ""
    bus: str = "memory:"
    data: Path | None = None
    settings: Settings | None = None
    poll_seconds: float = 0.2
    lease_seconds: float = 60.0
    traces: Path | None = None
    access: Path | None = None
    registry: Path | None = None
    environment: str = ""
    otlp: str = ""

    def check(self) -> None:
        """ServeError names what cannot be."""
        if self.model not in MODELS:
            raise ServeError(f"model: {self.model!r} is not one of {', '.join(MODELS)}")
        if self.model in ALONE and self.workers != 1:
            raise ServeError(f"workers: {self.workers}: {self.model} shares nothing among workers; use 1")
        if not 1 <= self.workers <= 64:
            raise ServeError(f"workers: {self.workers} is not from 1 to 64")
        try:
            check_addresses(self.store or "sqlite:", self.bus)
        except BadAddress as error:
            raise ServeError(str(error)) from None
        if self.otlp and not self.otlp.startswith(("http://", "https://")):
            raise ServeError(f"otlp: {self.otlp!r} is no collector's address, such as http://localhost:4318")
        if self.store.startswith("sqlite") and self.bus.startswith("nats"):
            raise ServeError("bus: nats with sqlite: one machine needs no server; leave --bus out")
        try:
            live_maps(str(self.registry or ""), self.environment)
        except BadDeployment as error:
            raise ServeError(str(error)) from None

    def store_in(self, folder: Path) -> str:
        """Its address."""
        return self.store or f"sqlite:{folder / 'core.sqlite3'}"

    def deployment(self, where: Endpoints, token: str, folder: Path) -> Deployment:
        """What its processes have to know."""
        return Deployment(
            self.model,
            where,
            self.store_in(folder),
            token,
            self.bus,
            self.settings or impatient(),
            self.poll_seconds,
            self.lease_seconds,
            traces=str(self.traces.absolute()) if self.traces else "",
            registry=str(self.registry.absolute()) if self.registry else "",
            environment=self.environment,
            otlp=self.otlp,
        )


@dataclass(frozen=True, slots=True)
class Up:
    """What is up: where everything answers, the processes of the core, and where each tells its metrics."""

    lab: Lab
    children: dict[str, Child]
    metrics: dict[str, str]
    failed: asyncio.Future[None] = field(repr=False)


@asynccontextmanager
async def deployed(wish: Wish, told: Callable[[str], None] = lambda _: None) -> AsyncIterator[Up]:
    """Mocks, an API process and workers, until the block is left. ServeError if it cannot begin."""
    wish.check()
    clock = WallClock()
    async with AsyncExitStack() as stack:
        folder = wish.data
        if folder is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tieout-up-")))
        stack.enter_context(alone_in(folder))
        failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        await stack.enter_async_context(alone_at(wish.store_in(folder), failed))
        await _look_at(wish, folder)
        crew = Crew("tieout.mocks")
        mocks = await stack.enter_async_context(serving(wish.plan, clock, crew.spawn))
        stack.push_async_callback(crew.dismiss)
        await trace_mocks(mocks, wish.traces, wish.otlp, stack, crew)
        urls = {name: mock.url for name, mock in mocks.items()}
        credentials = {name: mock.credentials for name, mock in mocks.items()}
        hands = await stack.enter_async_context(reaching(urls, credentials, clock))
        listener = listen("core", wish.plan.host, wish.plan.port(CORE_PORT, len(VENDORS)))
        stack.callback(listener.close)
        listener.listen(256)
        core_url = reachable(wish.plan.host, listener.getsockname()[1])
        products = read_profile(PROFILE).products
        word = secrets.token_urlsafe(24)
        made = await provision(hands, products, core_url, webhooks=wish.model != "batch", callout_secret=word)
        token, own = _own(folder)
        out, *before = own.webhooks_out
        where = replace(
            endpoints(urls, credentials, {**made.secrets, WEBHOOKS_OUT: out.value}),
            former_secrets={WEBHOOKS_OUT: before[0]} if before else {},
        )
        deployment = replace(wish.deployment(where, token, folder), signing=own.signing)
        deployment = admitting(deployment, wish.access, os.environ, core_url)
        file = folder / "deployment.json"
        deployment.write(file)
        told_at = {name: listen(name, "127.0.0.1", 0) for name in _workers(wish)}
        for socket in told_at.values():
            stack.callback(socket.close)
            socket.listen(8)
        fds = {name: socket.fileno() for name, socket in told_at.items()}
        children = _children(folder, file, listener.fileno(), fds)
        for child in children.values():
            await child.start()
            stack.push_async_callback(child.stop)
            keeper = asyncio.create_task(child.keep(told))
            keeper.add_done_callback(lambda done: _pass_on(done, failed))
        lab = Lab(urls, credentials, made.product_ids, wish.model, core_url, token)
        await _ready(core_url, failed)
        for child in children.values():
            child.lived = True
        metrics = {
            name: f"http://127.0.0.1:{socket.getsockname()[1]}/metrics" for name, socket in told_at.items()
        }
        yield Up(lab, children, {"api": f"{core_url}/metrics", **metrics}, failed)


async def _look_at(wish: Wish, folder: Path) -> None:
    """ServeError, before anything begins, if store or bus does not answer, or is ahead of this code."""
    try:
        async with opened_store(wish.store_in(folder)):
            pass
        async with opened_bus(wish.bus):
            pass
    except (Unavailable, TooNew) as error:
        raise ServeError(str(error)) from None


def up_command(wish: Wish, lab_file: Path | None = None) -> None:
    """Until Ctrl-C or SIGTERM; SystemExit(3) with a reason if it cannot begin or a process will not live."""
    console = Console()

    def say(line: str) -> None:
        console.print(line, markup=False, highlight=False, soft_wrap=True)

    async def main() -> None:
        async with deployed(wish, say) as up:
            settle()
            asked = asked_to_stop()
            _print(console, up)
            if lab_file is not None:
                up.lab.write(lab_file)
            stopped: asyncio.Future[Any] = asyncio.ensure_future(asked.wait())
            await asyncio.wait([stopped, up.failed], return_when=asyncio.FIRST_COMPLETED)
            stopped.cancel()
            if up.failed.done():
                up.failed.result()
        say("stopped")

    try:
        run(main())
    except ServeError as error:
        Console(stderr=True).print(f"tieout: {error}", markup=False, highlight=False, soft_wrap=True)
        raise SystemExit(3) from None
    except KeyboardInterrupt:
        say("stopped")


def _own(folder: Path) -> tuple[str, Standing]:
    """The operators' token, and what is kept beside the data from one start to the next. ServeError."""
    try:
        token = said("TIEOUT_TOKEN", os.environ) or secrets.token_urlsafe(24)
        return token, standing(folder, lambda: secrets.token_hex(32))
    except (BadSecrets, BadEnvironment) as error:
        raise ServeError(str(error)) from None


def _workers(wish: Wish) -> list[str]:
    return [] if wish.model == "direct" else [f"worker-{n}" for n in range(1, wish.workers + 1)]


def _children(folder: Path, file: Path, fd: int, metrics: dict[str, int]) -> dict[str, Child]:
    base = [sys.executable, "-m", "core.process", str(file), "--supervised"]
    api = Child("api", [*base, "--role", "api", "--name", "api", "--fd", str(fd)], folder / "api.log", (fd,))
    children = {"api": api}
    for name, told_at in metrics.items():
        command = [*base, "--role", "worker", "--name", name, "--metrics-fd", str(told_at)]
        children[name] = Child(name, command, folder / f"{name}.log", (told_at,))
    return children


def _pass_on(done: asyncio.Task[None], failed: asyncio.Future[None]) -> None:
    error = None if done.cancelled() else done.exception()
    if error is not None and not failed.done():
        failed.set_exception(error)


async def _ready(core_url: str, failed: asyncio.Future[None]) -> None:
    """Until the API says that work can be taken in."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session:
        try:
            async with asyncio.timeout(_START_SECONDS):
                while True:
                    if failed.done():
                        failed.result()
                    with suppress(aiohttp.ClientError, TimeoutError):
                        async with session.get(f"{core_url}/readyz") as answer:
                            if answer.status == 200:
                                return
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise ServeError(f"the core was not ready within {_START_SECONDS:g} s") from None


def _print(console: Console, up: Up) -> None:
    table = Table("system", "address", title="Tieout, up", title_justify="left")
    for name, url in up.lab.urls.items():
        table.add_row(VENDORS[name].title, url)
    table.add_row(f"integration core, {up.lab.model}", up.lab.core_url)
    console.print(table)
    alive = [child for child in up.children.values() if child.process]
    processes = ", ".join(f"{child.name} (pid {child.process.pid})" for child in alive if child.process)
    for line in (
        f"processes: {processes}; each logs beside the data, in {up.children['api'].log.parent}",
        f"metrics, for Prometheus: {', '.join(up.metrics.values())} (the first with the token)",
        f"operators' bearer token: {up.lab.token}",
        f"operators' page: {up.lab.core_url}/#token={up.lab.token}",
        "Ctrl-C stops everything.",
    ):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
