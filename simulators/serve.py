"""All mocks, or some, in one process, each on a port of its own."""

from __future__ import annotations

import asyncio
import secrets
import signal
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from errno import EACCES, EADDRINUSE
from typing import Any, TypeVar

from simulators.kit.clock import Clock
from simulators.kit.httpd import listen_and_answer
from simulators.kit.lean import Answer
from simulators.kit.mock import Mock, Vendor
from simulators.kit.tenant import Ground, Tenant
from simulators.kit.tenants import Tenants
from simulators.roster import VENDORS

# TLS is served on the usual port and so many.
TLS_ABOVE = 1000
T = TypeVar("T")
# Starts work that nobody waits for.
Spawn = Callable[[Coroutine[Any, Any, None]], object]
FACES = ("fastapi", "lean")
# What senders wait for an answer of a subscriber, in seconds.
SENDER_TIMEOUT = 20.0
# How long open connections may linger at the end, and how long a start may take, in seconds.
_GRACE, _START = 5, 30.0
# Seconds an idle connection is kept: longer than clients do, so that none writes into one being closed.
_KEEP_ALIVE = 75


class ServeError(RuntimeError):
    """Serving cannot begin; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be served. port_base: None for the vendors' usual ports, 0 for free ones, else the
    first of consecutive ports; face: lean (fast, with TLS and failing connections) or fastapi; seed: of
    ids and secrets, "" for one nobody can guess; options: the mocks' numbers by vendor; tls: serve over
    TLS too, on ports of its own (1000 above the usual ones), with Tieout's own CA."""

    names: Sequence[str] = ()
    host: str = "127.0.0.1"
    port_base: int | None = None
    face: str = "lean"
    seed: str = ""
    options: Mapping[str, Mapping[str, int]] | None = None
    tls: bool = False

    def chosen(self) -> list[str]:
        """The vendors in their order; ServeError names what is unknown."""
        wrong = [name for name in self.names if name not in VENDORS]
        if wrong:
            raise ServeError(f"unknown: {', '.join(wrong)}; there are: {', '.join(VENDORS)}")
        if self.face not in FACES:
            raise ServeError(f"face: {self.face!r} is not one of {', '.join(FACES)}")
        if self.tls and self.face != "lean":
            raise ServeError(f"tls: only the lean face has it, not {self.face}")
        return [name for name in VENDORS if not self.names or name in self.names]

    def port(self, usual: int, index: int) -> int:
        """The port of the index-th server; 0 lets the system choose."""
        if self.port_base is None:
            return usual
        return self.port_base + index if self.port_base else 0


class WebPost:
    """Implements simulators.kit.webhooks.AnyMethod over sockets; they are opened for the first event."""

    def __init__(self) -> None:
        self._session: Any = None

    async def post(
        self, url: str, headers: Mapping[str, str], body: bytes, *, event: str, attempt: int
    ) -> int | None:
        """The receiver's status; None when no answer came."""
        return await self.send("POST", url, headers, body, event=event, attempt=attempt)

    async def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes,
        *,
        event: str,  # noqa: ARG002 - the lab's outbound keys its faults by them
        attempt: int,  # noqa: ARG002
    ) -> int | None:
        """The same by any method."""
        import aiohttp  # noqa: PLC0415 - a mock that nobody subscribes to starts without it

        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SENDER_TIMEOUT))
        try:
            async with self._session.request(
                method, url, data=body or None, headers=headers, allow_redirects=False
            ) as answer:
                return int(answer.status)
        except (aiohttp.ClientError, ValueError, TimeoutError, OSError):
            return None

    async def close(self) -> None:
        """Let the connections go."""
        if self._session is not None:
            await self._session.close()


@asynccontextmanager
async def serving(plan: Plan, clock: Clock, spawn: Spawn) -> AsyncIterator[dict[str, Served]]:
    """The mocks, answering; they stop when the block is left. ServeError if a port is in use."""
    seed = plan.seed or secrets.token_hex(16)
    options = plan.options or {}
    async with AsyncExitStack() as stack:
        post = WebPost()
        stack.push_async_callback(post.close)
        vendors = {name: VENDORS[name] for name in plan.chosen()}
        ground = Ground(vendors, clock, seed, post, spawn, options)
        tenants = Tenants(ground)
        stack.callback(tenants.close)

        tls = _secure(clock.now()) if plan.tls else None

        async def open_port(
            ports: AsyncExitStack,
            name: str,
            port: int,
            tenant: Tenant | None = None,
            secure: ssl.SSLContext | None = None,
        ) -> str:
            door, listener = tenants.door(name, tenant), listen(name, plan.host, port)
            if plan.face == "fastapi":
                app = _fastapi_app(VENDORS[name], door)
                return await ports.enter_async_context(answering(app, listener))
            return await ports.enter_async_context(_lean(door, listener, secure))

        own: dict[str, AsyncExitStack] = {}

        async def open_ports(tenant: Tenant) -> dict[str, str]:
            ports = own[tenant.name] = await stack.enter_async_context(AsyncExitStack())
            return {name: await open_port(ports, name, 0, tenant) for name in vendors}

        def close_ports(tenant: str) -> None:
            if (ports := own.pop(tenant, None)) is not None:
                spawn(ports.aclose())  # it may have been asked for over one of them

        tenants.listen, tenants.hush = open_ports, close_ports
        served = {}
        for index, name in enumerate(vendors):
            port = plan.port(VENDORS[name].port, index)
            url = await open_port(stack, name, port)
            tls_url = await open_port(stack, name, port + TLS_ABOVE if port else 0, None, tls) if tls else ""
            served[name] = Served(tenants.main.mocks[name], url, tls_url)
        yield served


def _secure(now: int) -> ssl.SSLContext:
    # The cryptography library is not needed by those who serve plain HTTP.
    from simulators.kit.tls import ca_folder, server_context  # noqa: PLC0415

    return server_context(ca_folder(), now)


def _fastapi_app(vendor: Vendor, door: Answer) -> Any:
    # FastAPI takes a while to come; who serves the lean face does not wait for it.
    from simulators.kit.app import fastapi_app  # noqa: PLC0415

    return fastapi_app(vendor, door)


@asynccontextmanager
async def _lean(door: Answer, listener: socket.socket, secure: ssl.SSLContext | None) -> AsyncIterator[str]:
    server = await listen_and_answer(door, listener, secure)
    try:
        yield _base_url(listener, "https" if secure else "http")
    finally:
        await server.close(_GRACE)
        listener.close()


@dataclass(frozen=True, slots=True)
class Served:
    """One mock and where it answers; tls_url: "" where it is not served over TLS."""

    mock: Mock
    url: str
    tls_url: str = ""

    @property
    def credentials(self) -> dict[str, str]:
        """How to sign in."""
        return self.mock.vendor.credentials(self.mock.rules)


def listen(name: str, host: str, port: int) -> socket.socket:
    """A bound socket; ServeError names the port that cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OverflowError:
        listener.close()
        raise ServeError(
            f"{name}: port {port} is none; choose --port-base so that all lie in 1 to 65535"
        ) from None
    except OSError as error:
        listener.close()
        if error.errno in (EADDRINUSE, EACCES):
            why = "in use" if error.errno == EADDRINUSE else "not allowed"
            raise ServeError(
                f"{name}: port {port} on {host} is {why}; choose others with --port-base, "
                "for example --port-base 14240 (0 takes free ones)"
            ) from None
        raise ServeError(f"{name}: cannot listen on {host}:{port}: {error}") from None
    return listener


@asynccontextmanager
async def answering(app: Any, listener: socket.socket) -> AsyncIterator[str]:
    """An ASGI app under uvicorn on a bound socket, until the block is left; yields its base URL.

    uvicorn's own handling of signals is left out: one process runs many servers, and its owner stops all.
    """
    import uvicorn  # noqa: PLC0415 - the lean face has a server of its own

    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        lifespan="on",
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_graceful_shutdown=_GRACE,
    )
    server = uvicorn.Server(config)
    running = asyncio.get_running_loop().create_task(_run(server, listener))
    try:
        async with asyncio.timeout(_START):
            while not server.started:
                if running.done():
                    await running
                    raise ServeError("the server ended before it began")
                await asyncio.sleep(0.005)
        yield _base_url(listener, "http")
    finally:
        server.should_exit = True
        await running
        listener.close()


def _base_url(listener: socket.socket, scheme: str) -> str:
    host, port = listener.getsockname()[:2]
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


async def _run(server: Any, listener: socket.socket) -> None:
    config = server.config
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup(sockets=[listener])
    if not server.should_exit:
        await server.main_loop()
    if server.started:
        await server.shutdown(sockets=[listener])


def asked_to_stop() -> asyncio.Event:
    """Set by Ctrl-C or SIGTERM from now on: to be called before anybody is told how to stop it."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Not every platform has it; there Ctrl-C cancels the main task, which ends the same way.
        with suppress(NotImplementedError):
            loop.add_signal_handler(number, stopped.set)
    return stopped


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run on uvloop where it is present, else on the stock loop."""
    try:
        import uvloop  # noqa: PLC0415 - absent on Windows
    except ImportError:
        return asyncio.run(main)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main)
