"""GET /metrics of a process that answers nothing else, on loopback."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from core.observing.metrics import CONTENT_TYPE

_HEAD_SECONDS = 5


@asynccontextmanager
async def exposed(listener: socket.socket, text: Callable[[], bytes]) -> AsyncIterator[None]:
    """Answers on a bound socket until the block is left; anything but GET /metrics gets 404."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_HEAD_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
                known = head.startswith((b"GET /metrics ", b"GET /metrics?"))
                body = text() if known else b""
                status = "200 OK" if known else "404 Not Found"
                writer.write(
                    f"HTTP/1.1 {status}\r\ncontent-type: {CONTENT_TYPE}\r\ncontent-length: {len(body)}\r\n"
                    "connection: close\r\n\r\n".encode()
                    + body
                )
                await writer.drain()
        except (TimeoutError, ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, sock=listener)
    try:
        yield
    finally:
        server.close()
