"""What the sockets' transport makes of everything a network can do: no, perhaps, or an answer."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable

import pytest

from core.canonical.errors import CoreError, Unavailable, Unclear
from core.ports.world import Request, Response
from core.realtime import AioHttpTransport

Serve = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


def request(
    port: int, *, path: str = "/v1/things", timeout_seconds: float = 5.0, body: bytes = b""
) -> Request:
    headers = {"Content-Type": "application/json"} if body else {}
    method = "POST" if body else "GET"
    url = f"http://127.0.0.1:{port}{path}"
    return Request(method, url, headers, body, "zuora", "test", "a1", bool(body), timeout_seconds)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def exchange(serve: Serve, times: int = 1, **wish: object) -> tuple[list[Response], list[bytes]]:
    """Send to a server that reads one request and then does what `serve` does."""
    seen: list[bytes] = []

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = next(
                    (
                        int(line[15:])
                        for line in head.lower().split(b"\r\n")
                        if line.startswith(b"content-length:")
                    ),
                    0,
                )
                seen.append(head + await reader.readexactly(length))
                await serve(head, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        async with AioHttpTransport() as transport:
            answers = [await transport.send(request(port, **wish)) for _ in range(times)]  # type: ignore[arg-type]
    finally:
        server.close()
    return answers, seen


def answer(status: str, headers: str = "", body: bytes = b"") -> Serve:
    async def serve(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 {status}\r\n{headers}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()

    return serve


def outcome(serve: Serve, **wish: object) -> CoreError:
    with pytest.raises(CoreError) as caught:
        asyncio.run(exchange(serve, **wish))  # type: ignore[arg-type]
    return caught.value


def test_an_answer_comes_back_whole_with_lower_case_headers() -> None:
    serve = answer("201 Created", "X-Request-ID: Abc\r\n", b'{"id":1}')
    (got,), (sent,) = asyncio.run(exchange(serve, body=b'{"name":"a"}'))
    assert (got.status, got.headers["x-request-id"], got.body) == (201, "Abc", b'{"id":1}')
    assert sent.startswith(b"POST /v1/things HTTP/1.1\r\n")
    assert sent.endswith(b'\r\n\r\n{"name":"a"}')


def test_the_address_is_sent_as_it_was_given() -> None:
    path = "/query?q=SELECT%20Id%2CName&x=a+b%2F"
    _, (sent,) = asyncio.run(exchange(answer("200 OK"), path=path))
    assert sent.startswith(f"GET {path} HTTP/1.1".encode())


def test_a_refused_connection_did_not_happen() -> None:
    async def refused() -> None:
        async with AioHttpTransport() as transport:
            await transport.send(request(free_port()))

    with pytest.raises(Unavailable, match="no connection") as caught:
        asyncio.run(refused())
    assert caught.value.system == "zuora"


def test_silence_is_unclear() -> None:
    async def silent(_: bytes, __: asyncio.StreamWriter) -> None: ...

    error = outcome(silent, timeout_seconds=0.2)
    assert isinstance(error, Unclear)
    assert "no answer in 0.2 s" in error.detail


def test_a_reset_after_sending_is_unclear() -> None:
    async def reset(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    assert isinstance(outcome(reset, body=b"{}"), Unclear)


def test_a_truncated_answer_is_unclear() -> None:
    async def truncated(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"id":')
        await writer.drain()
        writer.close()

    assert isinstance(outcome(truncated, body=b"{}"), Unclear)


def test_nonsense_instead_of_http_is_unclear() -> None:
    async def nonsense(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example.com ESMTP\r\n\r\n")
        await writer.drain()

    assert isinstance(outcome(nonsense), Unclear)


def test_redirects_are_not_followed_and_cookies_not_kept() -> None:
    serve = answer("302 Found", "Location: /elsewhere\r\nSet-Cookie: session=1\r\n")
    answers, sent = asyncio.run(exchange(serve, times=2))
    assert [got.status for got in answers] == [302, 302]
    assert not any(b"cookie" in each.lower() for each in sent)


def test_a_reset_post_is_not_sent_twice() -> None:
    seen: list[bytes] = []

    async def reset_the_second(head: bytes, writer: asyncio.StreamWriter) -> None:
        seen.append(head)
        if len(seen) > 1:
            writer.transport.abort()
            return
        await answer("200 OK")(head, writer)

    assert isinstance(outcome(reset_the_second, times=2, body=b"{}"), Unclear)
    assert len(seen) == 2
