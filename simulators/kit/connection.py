"""One client's connection: calls are answered in order, and answers become bytes."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import struct
from collections.abc import Awaitable, Callable, Coroutine, Generator
from contextvars import Context
from functools import partial
from types import CoroutineType, coroutine
from typing import Any, Protocol, cast

from simulators.kit.httpwire import CONTINUE, failure, half, whole
from simulators.kit.reading import BODY, IDLE, Asked, Limits, Reader, Refused
from simulators.kit.table import Call, Reply

_LOG = logging.getLogger("tieout.httpd")
# Seconds for which a client may go on sending after it has been refused.
_LINGER = 2.0
# SO_LINGER on with no time: closing resets the connection.
_RESET = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)


class Server(Protocol):
    """What a connection asks of the server that it belongs to: see `httpd.Server`."""

    answer: Callable[[Call], Awaitable[Reply]]
    limits: Limits
    scheme: str
    date: Callable[[], str] | None
    loop: asyncio.AbstractEventLoop
    context: Context
    closing: bool
    tasks: set[asyncio.Task[Reply]]
    tick: int

    def ticks(self, seconds: float) -> int: ...
    def joined(self, connection: Connection) -> None: ...
    def left(self, connection: Connection) -> None: ...


class Connection(asyncio.Protocol):
    """Answers what its reader has read.

    A handler is driven directly; only one that has to wait becomes a task. A client that goes away
    does not stop its request: a vendor would not even notice.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._reader = Reader(server.limits, server.scheme)
        self._transport: asyncio.Transport = cast("asyncio.Transport", None)
        self._running: asyncio.Task[Reply] | None = None
        self._refusal: Reply | None = None
        # deaf: nothing is read or answered any more; hung: it is kept open all the same.
        self._deaf = self._hung = self._reading_paused = False
        self._writable = True
        self._touched = self._began = self._refused_at = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._touched = self._server.tick
        self._server.joined(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self._deaf = True
        self._reader.asked.clear()
        self._reader.dissolve()
        self._server.left(self)

    def data_received(self, data: bytes) -> None:
        if self._deaf:
            return
        reader = self._reader
        self._touched = self._server.tick
        if reader.state is IDLE:
            self._began = self._touched
        try:
            reader.feed(data)
        except Refused as refused:
            self._refuse(refused)
        self._pump()

    def eof_received(self) -> bool:
        """Nothing more will be asked; what has been asked is still answered."""
        self._reader.stop()
        under_way = self._running is not None or bool(self._reader.asked)
        return under_way and not self._deaf and self._server.scheme == "http"

    def pause_writing(self) -> None:
        self._writable = False

    def resume_writing(self) -> None:
        self._writable = True
        self._touched = self._server.tick
        if not self._deaf:
            self._pump()

    # Answering.

    def _pump(self) -> None:
        """Answer what has been asked, one after the other, as far as it goes without waiting."""
        waiting = self._reader.asked
        while waiting and self._running is None and self._writable:
            self._begin(waiting.popleft())
        if self._deaf:
            return
        if not waiting and self._running is None:
            self._rest()
        crowded = len(waiting) >= self._server.limits.pipelined
        if crowded and not self._reading_paused:
            self._reading_paused = True
            self._transport.pause_reading()
        elif self._reading_paused and not waiting:
            self._resume_reading()

    def _begin(self, asked: Asked) -> None:
        work = self._server.answer(asked.call)
        if not isinstance(work, CoroutineType):
            work = _awaited(work)
        context = self._server.context.copy()
        try:
            awaited = context.run(work.send, None)
        except StopIteration as done:
            self._give(asked, done.value)
        except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001 - a mock's bug is its answer
            self._give(asked, _broken(asked.call, error))
        else:
            self._running = self._server.loop.create_task(_rest_of(work, awaited), context=context)
            self._server.tasks.add(self._running)
            self._running.add_done_callback(partial(self._done, asked))

    def _done(self, asked: Asked, task: asyncio.Task[Reply]) -> None:
        self._server.tasks.discard(task)
        self._running = None
        if task.cancelled():
            self.abort()
            return
        error = task.exception()
        self._give(asked, task.result() if error is None else _broken(asked.call, error))
        if not self._deaf:
            self._pump()

    def _rest(self) -> None:
        """Everything asked so far has been answered."""
        reader = self._reader
        if self._refusal is not None:
            self._say_no(self._refusal)
        elif reader.last or (self._server.closing and reader.state is IDLE):
            self._end()
        elif reader.owes_continue and reader.state is BODY:
            reader.owes_continue = False
            self._transport.write(CONTINUE)

    def _give(self, asked: Asked, reply: Reply) -> None:
        """Write one answer, or do to the connection what the answer says."""
        if self._deaf:
            return
        server = self._server
        self._touched = server.tick
        if reply.cut:
            self._cut(reply)
            return
        keep = asked.keep and (not server.closing or bool(self._reader.asked))
        says = "close" if not keep else "keep-alive" if asked.say_keep else ""
        date = server.date() if server.date is not None else ""
        head_only = asked.call.method == "HEAD"
        try:
            answer = whole(reply, head_only=head_only, connection=says, date=date)
        except ValueError as error:
            answer = whole(_broken(asked.call, error), head_only=head_only, connection=says, date=date)
        self._transport.write(answer)
        if not keep:
            self._reader.stop()

    def _cut(self, reply: Reply) -> None:
        self._deaf = True
        self._reader.asked.clear()
        if reply.cut == "hang":
            self._hung = True
            # Only who reads learns that the client has gone.
            self._resume_reading()
        elif reply.cut == "half":
            # What has been written still goes out; the rest never comes.
            self._transport.write(half(reply))
            self._transport.close()
        else:
            sock: socket.socket | None = self._transport.get_extra_info("socket")
            if sock is not None:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            self._transport.abort()

    # Refusing, waiting and ending.

    def _refuse(self, refused: Refused) -> None:
        self._refusal = failure(refused.status, refused.text)
        self._reader.stop()

    def _say_no(self, refusal: Reply) -> None:
        """Refuse and close, but go on reading for a while: a reset would lose the refusal."""
        self._deaf = True
        self._refused_at = self._server.tick + 1
        self._resume_reading()
        self._transport.write(whole(refusal, head_only=False, connection="close"))
        if self._transport.can_write_eof():
            self._transport.write_eof()
        else:
            self._transport.close()

    def _end(self) -> None:
        self._deaf = True
        self._transport.close()

    def _resume_reading(self) -> None:
        if self._reading_paused:
            self._reading_paused = False
            self._transport.resume_reading()

    def look(self) -> None:
        """Called at every tick: has this client taken too long?"""
        server, limits, state = self._server, self._server.limits, self._reader.state
        waited = server.tick - self._touched
        if self._hung:
            return
        if self._refused_at:
            if server.tick - self._refused_at > server.ticks(_LINGER):
                self.abort()
        elif not self._writable or self._deaf:
            if waited > server.ticks(limits.stall):
                self.abort()
        elif self._running or self._reader.asked:
            self._touched = server.tick
        elif state is IDLE:
            if waited > server.ticks(limits.idle):
                self._end()
        elif (waited if state is BODY else server.tick - self._began) > server.ticks(limits.receive):
            self._refuse(Refused(408, "Request Timeout"))
            self._pump()

    def wind_up(self) -> None:
        """The server closes: end now if nothing is under way, else after the last answer."""
        if self._hung:
            self.abort()
        elif not self._deaf:
            self._pump()

    def abort(self) -> None:
        """End at once, whatever is under way."""
        self._deaf = True
        self._transport.abort()


async def _awaited(answer: Awaitable[Reply]) -> Reply:
    return await answer


async def _rest_of(work: Coroutine[Any, Any, Reply], awaited: Any) -> Reply:
    """Finish a coroutine that has been driven to its first wait."""
    return await _resumed(work, awaited)


@coroutine
def _resumed(work: Coroutine[Any, Any, Reply], awaited: Any) -> Generator[Any, Any, Reply]:
    while True:
        try:
            sent = yield awaited
        except BaseException as error:  # noqa: BLE001 - whatever is thrown in belongs to the work
            step = partial(work.throw, error)
        else:
            step = partial(work.send, sent)
        try:
            awaited = step()
        except StopIteration as done:
            return cast("Reply", done.value)


def _broken(call: Call, error: BaseException) -> Reply:
    _LOG.error("%s %s broke", call.method, call.path, exc_info=error)
    return failure(500, "Internal Server Error")
