"""The whole lab in real time: the mocks, and with all of them the core, over HTTP on this machine."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
from rich.console import Console
from rich.table import Table
from yarl import URL

from core.api.app import core_app
from core.api.people import Access
from core.assemble import MODELS, WEBHOOKS_OUT, Core, Endpoints, Surroundings, assemble, memory_bus
from core.observing.metrics import Metrics
from core.observing.presence import Presence
from core.observing.tracing import SpanTracer
from core.observing.view import View
from core.realtime import AioHttpTransport, Crew, LogWatch, SeededDraws, WallClock
from core.settings import Settings, load_settings
from core.store.sqlite import SqliteStore
from scenarios.endpoints import endpoints
from scenarios.lifecycles.hands import Hands, Reach
from scenarios.profiles.profile import read_profile
from scenarios.provision import Credentials, make_hands, provision
from simulators.kit.memory import settle
from simulators.roster import VENDORS
from simulators.serve import Plan, ServeError, answering, asked_to_stop, listen, run, serving

CORE_PORT = 4240
# A catalogue of the usual kind; a served lab has no customers of its own.
PROFILE = "mid_market"
# Somebody is watching: a bill run ends in seconds, and a retry does not wait for hours.
OPTIONS: dict[str, dict[str, int]] = {"zuora": {"bill_run_seconds": 2}}
_PAUSES: dict[str, object] = {"durable_first_seconds": 1.0, "durable_longest_seconds": 8.0}
_TIMEOUT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Lab:
    """Where everything answers. core_url and token are "" where the core does not run."""

    urls: dict[str, str]
    credentials: dict[str, dict[str, str]] = field(repr=False)
    product_ids: dict[str, str]
    model: str = ""
    core_url: str = ""
    token: str = field(default="", repr=False)
    tls_urls: dict[str, str] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """As JSON for other processes of this user only: it holds the credentials."""
        part = path.with_suffix(".part")
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(asdict(self), file)
        part.replace(path)


def read_lab(path: Path) -> Lab:
    """What `Lab.write` wrote; OSError, ValueError or TypeError if it cannot be read."""
    return Lab(**json.loads(path.read_text()))


def serve_command(
    names: list[str],
    host: str,
    port_base: int | None,
    model: str,
    data: Path | None,
    face: str = "lean",
    *,
    lab_file: Path | None = None,
    tls: bool = False,
    seed: str = "",
    options: Mapping[str, Mapping[str, int]] | None = None,
) -> None:
    """Serve until Ctrl-C or SIGTERM; SystemExit(3) with a reason if it cannot begin.

    lab_file: where to write addresses and credentials for another process, once all is up.
    options: the mocks' numbers by vendor, before the lab's own.
    """
    console = Console()
    chosen = {name: {**OPTIONS.get(name, {}), **(options or {}).get(name, {})} for name in VENDORS}
    plan = Plan(tuple(names), host, port_base, face, seed, chosen, tls)

    async def main() -> None:
        async with served(plan, model=model, data=data) as lab:
            settle()
            asked = asked_to_stop()
            _print(console, lab)
            if lab_file is not None:
                lab.write(lab_file)
            await asked.wait()
        _say(console, "stopped")

    try:
        run(main())
    except ServeError as error:
        _say(Console(stderr=True), f"tieout: {error}")
        raise SystemExit(3) from None
    except KeyboardInterrupt:
        _say(console, "stopped")


@asynccontextmanager
async def served(
    plan: Plan,
    *,
    model: str = "hybrid",
    data: Path | None = None,
    token: str = "",
    settings: Settings | None = None,
    access: Callable[[str], Access] | None = None,
) -> AsyncIterator[Lab]:
    """The mocks of the plan and, when these are all, a provisioned core; stops when the block is left.

    data: a folder for the core's SQLite file, None for memory. token: of the core's operators, made
    up if empty. access: how people sign in at the core of this address, None where they do not.
    ServeError if a port is in use or a name is unknown.
    """
    if model not in MODELS:
        raise ServeError(f"model: {model!r} is not one of {', '.join(MODELS)}")
    clock = WallClock()
    async with AsyncExitStack() as stack:
        crew = Crew("tieout.mocks")
        mocks = await stack.enter_async_context(serving(plan, clock, crew.spawn))
        stack.push_async_callback(crew.dismiss)
        urls = {name: mock.url for name, mock in mocks.items()}
        tls_urls = {name: mock.tls_url for name, mock in mocks.items() if mock.tls_url}
        credentials = {name: mock.credentials for name, mock in mocks.items()}
        if set(urls) != set(VENDORS):
            yield Lab(urls, credentials, {}, tls_urls=tls_urls)
            return
        hands = await stack.enter_async_context(reaching(urls, credentials, clock))
        listener = listen("core", plan.host, plan.port(CORE_PORT, len(VENDORS)))
        stack.callback(listener.close)
        core_url = reachable(plan.host, listener.getsockname()[1])
        # The socket is bound already: an event sent before the core is up waits in its queue.
        products = read_profile(PROFILE).products
        word = secrets.token_urlsafe(24)
        made = await provision(hands, products, core_url, webhooks=model != "batch", callout_secret=word)
        metrics = Metrics("core")
        watch = LogWatch(clock, meter=metrics, tracer=SpanTracer(clock, "core", lambda _: None))
        where = endpoints(urls, credentials, {**made.secrets, WEBHOOKS_OUT: secrets.token_hex(32)})
        core, store, crew = await stack.enter_async_context(_core(model, where, watch, clock, data, settings))
        view = View.of(metrics, store, clock, watch, settings or impatient())
        crew.spawn(view.objectives.keep())
        crew.spawn(view.recent.keep())
        token = token or secrets.token_urlsafe(24)
        app = core_app(core, watch, token, view, access=access(core_url) if access else None)
        await stack.enter_async_context(answering(app, listener))
        core.start(crew.spawn)
        yield Lab(urls, credentials, made.product_ids, model, core_url, token, tls_urls)


@asynccontextmanager
async def _core(
    model: str,
    where: Endpoints,
    watch: LogWatch,
    clock: WallClock,
    data: Path | None,
    settings: Settings | None,
) -> AsyncIterator[tuple[Core, SqliteStore, Crew]]:
    crew = Crew("tieout.core")
    store = SqliteStore(_store_path(data))
    try:
        async with AioHttpTransport() as transport:
            draws = SeededDraws(secrets.token_hex(8))
            presence = Presence("core", "core", store, clock, watch)
            around = Surroundings(
                transport, watch, clock, draws, store, memory_bus(), crew.spawn,
                kept=watch.kept, limiter=presence.limiter,
            )  # fmt: skip
            crew.spawn(presence.keep())
            try:
                yield assemble(model, where, around, settings or impatient()), store, crew
            finally:
                await crew.dismiss()
    finally:
        store.close()


@asynccontextmanager
async def reaching(
    urls: Mapping[str, str], credentials: Credentials, clock: WallClock
) -> AsyncIterator[Hands]:
    """People's access to the served systems."""
    timeout = aiohttp.ClientTimeout(total=_TIMEOUT_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield make_hands(_reach(session, urls), credentials, clock)


def _reach(session: aiohttp.ClientSession, urls: Mapping[str, str]) -> Reach:
    async def reach(
        method: str, system: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        url = URL(urls[system] + path, encoded=True)
        async with session.request(method, url, headers=headers, data=body or None) as answer:
            found = {name.lower(): value for name, value in answer.headers.items()}
            return answer.status, found, await answer.read()

    return reach


def impatient() -> Settings:
    """The settings of this environment, with retries that do not keep a spectator waiting."""
    given = load_settings()
    wanted = {**_PAUSES, "dimensions": read_profile(PROFILE).dimensions}
    unset = {name: value for name, value in wanted.items() if name not in given.model_fields_set}
    return given.model_copy(update=unset)


def _store_path(data: Path | None) -> str:
    if data is None:
        return ":memory:"
    data.mkdir(parents=True, exist_ok=True)
    # The sandboxes are fresh at each start; work that was begun against older ones has no object left.
    return str(data / f"core-{datetime.now(UTC):%Y%m%dT%H%M%S}.sqlite3")


def reachable(host: str, port: int) -> str:
    """The address that a server on `host` answers at."""
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{name}:{port}"


def _print(console: Console, lab: Lab) -> None:
    columns = ("system", "address", *(["over TLS"] if lab.tls_urls else []))
    table = Table(*columns, title="Tieout, in real time", title_justify="left")
    for name, url in lab.urls.items():
        table.add_row(VENDORS[name].title, url, *([lab.tls_urls[name]] if lab.tls_urls else []))
    if lab.core_url:
        table.add_row(f"integration core, {lab.model}", lab.core_url)
    console.print(table)
    for name, own in lab.credentials.items():
        for key, value in own.items():
            # A private key fills a screen.
            shown = value if "\n" not in value else f"see {lab.urls[name]}/_tieout/credentials"
            _say(console, f"{name:11} {key:19} {shown}")
    if lab.core_url:
        _say(console, f"{'core':11} {'bearer token':19} {lab.token}")
    else:
        _say(console, "The core runs only when all five are served.")
    if lab.tls_urls:
        from simulators.kit.tls import ca_file, ca_folder  # noqa: PLC0415 - only who serves TLS needs it

        _say(console, f"TLS clients trust {ca_file(ca_folder())}")
    _say(console, "Each has /openapi.json; each mock a page /docs and its control surface under /_tieout.")
    _say(console, "Ctrl-C stops everything.")


def _say(console: Console, line: str) -> None:
    console.print(line, markup=False, highlight=False, soft_wrap=True)
