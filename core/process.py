"""One process of a deployment: `python -m core.process FILE --role api|worker --name NAME`.

Exit codes: 0 asked to stop, 3 wrong use, 4 a server that it needs is away (the last line says which).
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import secrets
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Generator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from core.api.app import core_app
from core.api.people import Access
from core.assemble import Core, Surroundings, assemble
from core.canonical.errors import CoreError
from core.deployment import BadDeployment, Deployment, read_deployment
from core.governance.accounts import Accounts
from core.governance.people import People, Person
from core.observing.exposing import exposed
from core.observing.logs import keep_log, mask_log
from core.observing.metrics import Metrics
from core.observing.otlp import SERVICE, trace_file
from core.observing.presence import Presence
from core.observing.shipping import Shipper
from core.observing.tracing import Keep, Span, SpanTracer
from core.observing.view import View
from core.opening import BadAddress, opened_bus, opened_store
from core.outside import outside_transport
from core.realtime import AioHttpTransport, Crew, LogWatch, SeededDraws, WallClock
from core.reliability.ratelimit import Limiter
from core.reliability.worker import Claims
from core.store.migrating import TooNew

AWAY = 4
_GRACE = 5
# Requests and open connections; more are answered 503 at once.
_AT_ONCE = 1000


def main(arguments: Sequence[str] | None = None) -> int:
    """Until SIGTERM or Ctrl-C; the exit code."""
    parser = argparse.ArgumentParser("core.process", description="One process of the integration core.")
    parser.add_argument("deployment", type=Path, help="The file that core.deployment describes.")
    parser.add_argument("--role", choices=("api", "worker"), required=True)
    parser.add_argument("--name", required=True, help="Unique in the deployment, the same after a restart.")
    parser.add_argument("--fd", type=int, help="A listening socket that was handed down (api).")
    parser.add_argument("--metrics-fd", type=int, help="A socket of loopback for its metrics (worker).")
    parser.add_argument(
        "--supervised",
        action="store_true",
        help="Ends when its standard input does: when its parent is gone.",
    )
    parser.add_argument("--port", type=int, default=4240, help="Of loopback, without a socket (api).")
    try:
        given = parser.parse_args(arguments)
    except SystemExit as end:
        return 3 if end.code else 0
    keep_log(given.name, sys.stderr)
    try:
        deployment = read_deployment(given.deployment, os.environ)
        mask_log(given.name, deployment.mask())
        asyncio.run(_work(deployment, given) if given.role == "worker" else _answer(deployment, given))
    except (BadDeployment, BadAddress, TooNew, CoreError, OSError) as error:
        # The supervisor reads the last line.
        logging.getLogger("tieout.process").error("%s: %s", given.name, error)
        return AWAY if isinstance(error, CoreError) else 3
    except KeyboardInterrupt:
        return 0
    return 0


@dataclass(frozen=True, slots=True)
class Running:
    """A core in this process, and what is seen of it."""

    core: Core
    watch: LogWatch
    view: View
    crew: Crew


async def _work(deployment: Deployment, given: argparse.Namespace) -> None:
    stopped = _asked_to_stop()
    async with running(deployment, given.name, given.role) as here, AsyncExitStack() as stack:
        _mind_the_parent(given)
        if given.metrics_fd is not None:
            listener = socket.socket(fileno=given.metrics_fd)
            await stack.enter_async_context(exposed(listener, here.view.metrics.text))
        here.core.start(here.crew.spawn)
        await stopped.wait()


async def _answer(deployment: Deployment, given: argparse.Namespace) -> None:
    stopped = _asked_to_stop()
    async with running(deployment, given.name, given.role) as here:
        _mind_the_parent(given)
        # One process of the deployment looks at the objectives: the one that shows them.
        here.crew.spawn(here.view.objectives.keep())
        here.crew.spawn(here.view.recent.keep())
        here.crew.spawn(here.core.jobs.keep())
        if deployment.model == "direct":
            # It handles each fact while the sender waits: its timetable has no other place.
            here.core.start(here.crew.spawn)
        listener = socket.socket(fileno=given.fd) if given.fd is not None else _listen(given.port)
        config = uvicorn.Config(
            _app(here, deployment),
            log_level="warning",
            # Not its own handlers: its lines go where all lines go.
            log_config=None,
            access_log=False,
            limit_concurrency=_AT_ONCE,
            timeout_graceful_shutdown=_GRACE,
        )
        server = _Server(config)
        here.crew.spawn(_ends(server, stopped))
        await server.serve(sockets=[listener])


class _Server(uvicorn.Server):
    """Leaves signals alone: the library's own raises one again when it has stopped, by which the process ends
    on the spot, with everything open that it has."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """None."""
        yield


async def _ends(server: _Server, stopped: asyncio.Event) -> None:
    await stopped.wait()
    server.should_exit = True


def fresh_salt() -> bytes:
    """16 bytes of the system's entropy, for the hash of a password."""
    return secrets.token_bytes(16)


def _app(here: Running, deployment: Deployment) -> FastAPI:
    people = People(deployment.people, deployment.clients)
    # A word of 256 bits; passwords are hashed beside the loop, at most two at once: each takes 32 MB.
    places = asyncio.Semaphore(2)

    async def aside(look: Callable[[], Person | None]) -> Person | None:
        async with places:
            return await asyncio.to_thread(look)

    access = Access(people, deployment.issuer, lambda: secrets.token_urlsafe(32), aside)
    return core_app(
        here.core,
        here.watch,
        deployment.token,
        here.view,
        Accounts(deployment.accounts),
        access if deployment.people else None,
        deployment.signing,
    )


@asynccontextmanager
async def running(deployment: Deployment, name: str, role: str) -> AsyncIterator[Running]:
    """A core in this process, not yet started; everything is closed when the block is left."""
    clock, crew = WallClock(), Crew(f"tieout.{name}")
    metrics = Metrics(name)
    claims = Claims(name, deployment.lease_seconds, deployment.poll_seconds)
    async with (
        opened_store(deployment.store) as store,
        opened_bus(deployment.bus, await store.identity()) as bus,
        AioHttpTransport() as transport,
        outside_transport(inside=deployment.settings.webhooks.inside) as outside,
        AsyncExitStack() as stack,
    ):
        tracer = SpanTracer(clock, name, _keep(deployment, name, stack, transport, crew, metrics), store)
        mask = deployment.mask()
        watch = LogWatch(clock, meter=metrics, tracer=tracer, mask=mask)
        presence = Presence(name, role, store, clock, watch)

        def looked_at(made: Limiter) -> None:
            presence.limiter(made)
            metrics.limiter(made)

        around = Surroundings(
            transport, watch, clock, SeededDraws(secrets.token_hex(8)), store, bus, crew.spawn,
            claims=claims, kept=watch.kept, mask=mask, limiter=looked_at, outside=outside,
        )  # fmt: skip
        try:
            maps = deployment.maps()
            metrics.mapped(maps.versions)
            watch.runs_on(maps.versions)
            core = assemble(deployment.model, deployment.endpoints, around, deployment.settings, maps=maps)
            view = View.of(
                metrics, store, clock, watch, deployment.settings, bus, workers=deployment.model != "direct"
            )
            crew.spawn(presence.keep())
            yield Running(core, watch, view, crew)
        finally:
            await crew.dismiss()


def _keep(
    deployment: Deployment,
    name: str,
    stack: AsyncExitStack,
    transport: AioHttpTransport,
    crew: Crew,
    metrics: Metrics,
) -> Keep:
    """Without a folder and a collector spans only name what the logs and the vendors are told."""
    keepers: list[Keep] = []
    if deployment.traces:
        path = Path(deployment.traces) / f"{name}.traces.jsonl"
        keepers.append(stack.enter_context(trace_file(path, name)))
    if deployment.otlp:
        shipper = Shipper(deployment.otlp, SERVICE, name, transport, metrics.counted)
        stack.push_async_callback(shipper.end)
        crew.spawn(shipper.run())
        keepers.append(shipper.keep)

    def keep(span: Span) -> None:
        for each in keepers:
            each(span)

    return keep


def _mind_the_parent(given: argparse.Namespace) -> None:
    """A supervisor that was killed stops nobody any more; its end of our standard input is closed with it."""
    if not given.supervised:
        return
    loop, stdin = asyncio.get_running_loop(), sys.stdin.fileno()

    def heard() -> None:
        if os.read(stdin, 64):
            return
        loop.remove_reader(stdin)
        logging.getLogger("tieout.process").warning("%s: whoever started it is gone; it ends", given.name)
        os.kill(os.getpid(), signal.SIGTERM)

    loop.add_reader(stdin, heard)


def _asked_to_stop() -> asyncio.Event:
    """From here on SIGTERM and Ctrl-C end nothing by themselves."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    return stopped


def _listen(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    return listener


if __name__ == "__main__":
    sys.exit(main())
