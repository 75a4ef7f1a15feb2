"""An HTTP/1.1 server for the lean face: asyncio's protocols and httptools, nothing between."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable
from contextvars import copy_context

from simulators.kit.connection import Connection
from simulators.kit.reading import Limits
from simulators.kit.table import Call, Reply

# What answers: best a coroutine function of the call. Its first step runs outside any task, so it must
# not ask for the current task before it has waited for something.
Answer = Callable[[Call], Awaitable[Reply]]


class Server:
    """What `listen_and_answer` gives: the open connections and the work that they wait for."""

    def __init__(self, answer: Answer, limits: Limits, scheme: str, date: Callable[[], str] | None) -> None:
        self.answer, self.limits, self.scheme, self.date = answer, limits, scheme, date
        self.loop = asyncio.get_running_loop()
        self.context = copy_context()
        self.closing = False
        self.connections: set[Connection] = set()
        self.tasks: set[asyncio.Task[Reply]] = set()
        # Time is counted in ticks of the sweep: reading a number is cheaper than reading a clock.
        self.tick = 0
        self.period = max(0.02, min(1.0, min(limits.idle, limits.receive, limits.stall) / 4))
        self._sweeping: asyncio.TimerHandle | None = None
        self._empty = asyncio.Event()
        self._listener: asyncio.Server | None = None

    async def start(self, sock: socket.socket, context: ssl.SSLContext | None) -> None:
        """Listen on a bound socket."""
        self._listener = await self.loop.create_server(
            lambda: Connection(self), sock=sock, ssl=context, backlog=2048
        )

    def ticks(self, seconds: float) -> int:
        """How many ticks of the sweep last at least so long."""
        return int(seconds / self.period) + 1

    def joined(self, connection: Connection) -> None:
        """A client has connected."""
        self.connections.add(connection)
        self._empty.clear()
        if self._sweeping is None:
            self._sweeping = self.loop.call_later(self.period, self._sweep)

    def left(self, connection: Connection) -> None:
        """A connection is gone."""
        self.connections.discard(connection)
        if not self.connections:
            self._empty.set()

    async def close(self, grace: float = 5.0) -> None:
        """Accept no more, let running requests finish for `grace` seconds, then end what is left."""
        self.closing = True
        if self._listener is not None:
            self._listener.close()
        for connection in list(self.connections):
            connection.wind_up()
        if self.connections:
            self._empty.clear()
            try:
                async with asyncio.timeout(grace):
                    await self._empty.wait()
            except TimeoutError:
                pass
        for connection in list(self.connections):
            connection.abort()
        for task in list(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        if self._sweeping is not None:
            self._sweeping.cancel()
            self._sweeping = None

    def _sweep(self) -> None:
        self.tick += 1
        for connection in list(self.connections):
            connection.look()
        self._sweeping = self.loop.call_later(self.period, self._sweep) if self.connections else None


async def listen_and_answer(
    answer: Answer,
    sock: socket.socket,
    ssl_context: ssl.SSLContext | None = None,
    *,
    limits: Limits | None = None,
    date: Callable[[], str] | None = None,
) -> Server:
    """Answer on a bound socket, with TLS if a context is given; date: what the Date header says, if any."""
    server = Server(answer, limits or Limits(), "https" if ssl_context else "http", date)
    await server.start(sock, ssl_context)
    return server
