"""The server of the lean face, pressed with raw sockets."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulators.kit.httpd import Server, listen_and_answer
from simulators.kit.reading import Limits
from simulators.kit.table import Call, Reply

SEEN: ContextVar[str] = ContextVar("seen", default="")


class Mirror:
    """Answers with what it was asked; some paths do something else."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.calls: list[Call] = []

    async def __call__(self, call: Call) -> Reply:
        self.calls.append(call)
        before = SEEN.get()
        SEEN.set(call.path)
        match call.path:
            case "/wait":
                await self.gate.wait()
            case "/turns":
                for _ in range(3):
                    await asyncio.sleep(0)
            case "/late-break":
                await asyncio.sleep(0)
                raise LookupError("late")
            case "/break":
                raise LookupError("at once")
            case "/forge":
                return Reply(200, b"", (("location", "a\r\nset-cookie: b"),))
            case "/snow":
                return Reply(200, b"", (("location", "☃"),))
            case "/empty":
                return Reply(204)
            case "/big":
                return Reply(200, b"x" * int(call.query))
            case "/reset" | "/hang" | "/half":
                return Reply(200, b"0123456789", cut=call.path[1:])
            case "/half-of-nothing":
                return Reply(200, cut="half")
        said = {
            "method": call.method, "path": call.path, "query": call.query,
            "body": call.body.decode("latin-1"),
            "headers": dict(call.headers), "base": call.base_url, "before": before,
        }  # fmt: skip
        return Reply(200, json.dumps(said).encode(), (("Content-Type", "application/json"),))


class Wire:
    """One raw connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def send(self, *lines: str, body: bytes = b"") -> None:
        """A head of these lines and a body."""
        self.writer.write("\r\n".join([*lines, "", ""]).encode("latin-1") + body)

    async def answer(self, *, bodiless: bool = False) -> tuple[int, dict[str, str], bytes]:
        """The next answer, framed by its content-length."""
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.split("\r\n")[:-2]
        headers = dict(line.split(": ", 1) for line in lines)
        length = 0 if bodiless else int(headers.get("content-length", "0"))
        return int(first.split(" ")[1]), headers, await self.reader.readexactly(length)

    async def said(self) -> dict[str, Any]:
        status, _, body = await self.answer()
        assert status == 200, body
        return json.loads(body)

    async def rest(self) -> bytes:
        """Everything until the server closes."""
        return await self.reader.read()


class Ground:
    """A server of a mirror, and a way to connect."""

    def __init__(self, server: Server, mirror: Mirror, port: int) -> None:
        self.server, self.mirror, self.port = server, mirror, port
        self._writers: list[asyncio.StreamWriter] = []

    async def wire(self, limit: int = 2**16) -> Wire:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=limit)
        self._writers.append(writer)
        return Wire(reader, writer)

    def hang_up(self) -> None:
        for writer in self._writers:
            writer.close()


def played(
    scene: Callable[[Ground], Coroutine[Any, Any, None]],
    limits: Limits | None = None,
    date: Callable[[], str] | None = None,
) -> None:
    """Run a scene against a fresh server; nothing may be left open afterwards."""

    async def main() -> None:
        sock = socket.socket()
        sock.bind(("127.0.0.1", 0))
        mirror = Mirror()
        server = await listen_and_answer(mirror, sock, limits=limits, date=date)
        ground = Ground(server, mirror, sock.getsockname()[1])
        try:
            async with asyncio.timeout(20):
                await scene(ground)
        finally:
            mirror.gate.set()
            ground.hang_up()
            await server.close(1)
        assert not server.connections
        assert not server.tasks

    asyncio.run(main())


HOST = "Host: mock.test"
GET = ("GET /x HTTP/1.1", HOST)


def test_a_call_is_read_as_the_other_faces_read_it() -> None:
    async def scene(ground: Ground) -> None:
        wire = await ground.wire()
        wire.send(
            "POST /a%2Fb/c?d=e&f=%20 HTTP/1.1", HOST, "X-ODD: \xe9", "Content-Length: 3", body=b"\x00hi"
        )
        said = await wire.said()
        assert said == {
            "method": "POST", "path": "/a%2Fb/c", "query": "d=e&f=%20", "body": "\x00hi",
            "headers": {"host": "mock.test", "x-odd": "é", "content-length": "3"},
            "base": "http://mock.test", "before": "",
        }  # fmt: skip

    played(scene)


def test_keep_alive_answers_call_after_call_each_in_a_context_of_its_own() -> None:
    async def scene(ground: Ground) -> None:
        wire = await ground.wire()
        for path in ("/x", "/turns", "/turns", "/x"):
            wire.send(f"GET {path} HTTP/1.1", HOST)
            assert (await wire.said())["before"] == ""
        assert len(ground.mirror.calls) == 4

    played(scene)


def test_pipelined_calls_are_answered_in_order_even_if_the_first_waits() -> None:
    async def scene(ground: Ground) -> None:
        wire = await ground.wire()
        for path in ("/wait", "/turns", "/one", "/two"):
            wire.send(f"GET {path} HTTP/1.1", HOST)
        await asyncio.sleep(0.05)
        assert [call.path for call in ground.mirror.calls] == ["/wait"]
        ground.mirror.gate.set()
        assert [(await wire.said())["path"] for _ in range(4)] == ["/wait", "/turns", "/one", "/two"]

    played(scene)


def test_more_pipelined_calls_than_may_wait_are_all_answered() -> None:
    async def scene(ground: Ground) -> None:
        wire = await ground.wire()
        wire.send("GET /wait HTTP/1.1", HOST)
        for n in range(500):
            wire.send(f"GET /{n} HTTP/1.1", HOST)
        await wire.writer.drain()
        await asyncio.sleep(0.05)
        ground.mirror.gate.set()
        assert (await wire.said())["path"] == "/wait"
        assert [(await wire.said())["path"] for _ in range(500)] == [f"/{n}" for n in range(500)]

    played(scene, Limits(pipelined=4))


def test_chunked_bodies_and_their_trailers() -> None:
    async def scene(ground: Ground) -> None:
        wire = await ground.wire()
        chunked = b"3\r\nabc\r\n4;ext=1\r\ndefg\r\n0\r\nX-Trailer: no\r\n\r\n"
        wire.send("POST /x HTTP/1.1", HOST, "Transfer-Encoding: chunked", body=chunked)
        said = await wire.said()
        assert said["body"] == "abcdefg"
        assert "x-trailer" not in said["headers"]
        wire.send(*GET)
        assert (await wire.said())["body"] == ""

    played(scene)


def test_head_and_204_have_no_body() -> None:
    async def scene(ground: Ground) -> None:
        wire = await ground.wire()
        wire.send("HEAD /big?1000 HTTP/1.1", HOST)
        status, headers, _ = await wire.answer(bodiless=True)
        assert (status, headers["content-length"]) == (200, "1000")
        wire.send("GET /empty HTTP/1.1", HOST)
        assert await wire.answer() == (204, {"content-length": "0"}, b"")
        wire.send(*GET)
        await wire.said()

    played(scene)


def test_a_client_that_expects_it_is_told_to_continue() -> None:
    async def scene(ground: Ground) -> None:
        wire = await ground.wire()
        wire.send("POST /x HTTP/1.1", HOST, "Expect: 100-Continue", "Content-Length: 5")
        assert await wire.reader.readexactly(25) == b"HTTP/1.1 100 Continue\r\n\r\n"
        wire.writer.write(b"hello")
        assert (await wire.said())["body"] == "hello"
        # Who does not wait for it does not get it.
        wire.send("POST /x HTTP/1.1", HOST, "Expect: 100-continue", "Content-Length: 2", body=b"no")
        assert (await wire.said())["body"] == "no"
        # It waits for the answers of the calls before it.
        wire.send("GET /wait HTTP/1.1", HOST)
        wire.send("POST /x HTTP/1.1", HOST, "Expect: 100-continue", "Content-Length: 2")
        await asyncio.sleep(0.02)
        ground.mirror.gate.set()
        assert (await wire.said())["path"] == "/wait"
        assert (await wire.answer())[0] == 100
        wire.writer.write(b"ok")
        assert (await wire.said())["body"] == "ok"

    played(scene)


def test_what_is_expected_in_vain() -> None:
    async def scene(ground: Ground) -> None:
        wire = await ground.wire()
        wire.send("POST /x HTTP/1.1", HOST, "Expect: miracles", "Content-Length: 5")
        assert (await wire.answer())[0] == 417
        large = await ground.wire()
        large.send("POST /x HTTP/1.1", HOST, "Expect: 100-continue", "Content-Length: 1001")
        assert (await large.answer())[0] == 413
        assert not ground.mirror.calls

    played(scene, Limits(body=1000))


@pytest.mark.parametrize(
    "nonsense",
    [
        b"nonsense\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET /x HTTP/9.9\r\n\r\n",
        b"GET /x HTTP/1.1\r\nNo colon\r\n\r\n", b"POST /x HTTP/1.1\r\nContent-Length: many\r\n\r\n",
        b"POST /x HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n12",
        b"POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)  # fmt: skip
def test_what_is_no_http_is_refused_after_what_was(nonsense: bytes) -> None:
    async def scene(ground: Ground) -> None:
        wire = await ground.wire()
        wire.send("GET /turns HTTP/1.1", HOST, body=nonsense)
        await wire.said()
        status, headers, _ = await wire.answer()
        assert (status, headers["connection"]) == (400, "close")
        assert await wire.rest() == b""
        assert [call.path for call in ground.mirror.calls] == ["/turns"]

    played(scene)


def test_heads_that_are_too_large() -> None:
    async def scene(ground: Ground) -> None:
        for head, status in (
            (b"GET /" + b"a" * 2000 + b" HTTP/1.1\r\n\r\n", 414),
            (b"GET /x HTTP/1.1\r\nA: " + b"a" * 2000 + b"\r\n\r\n", 431),
            (b"GET /x HTTP/1.1\r\n" + b"A: a\r\n" * 400 + b"\r\n", 431),
        ):
            whole = await ground.wire()
            whole.writer.write(head)
            assert (await whole.answer())[0] == status
            pieces = await ground.wire()
            for at in range(0, 1900, 100):
                pieces.writer.write(head[at : at + 100])
                await asyncio.sleep(0)
                await asyncio.sleep(0.001)
            # Refused before the line has ended.
            assert (await pieces.answer())[0] in (414, 431)
        endless = await ground.wire()
        endless.writer.write(b"POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: ")
        for _ in range(20):
            endless.writer.write(b"a" * 100)
            await asyncio.sleep(0.001)
        assert (await endless.answer())[0] == 431
        assert not ground.mirror.calls

    played(scene, Limits(head=1000))


def test_bodies_that_are_too_large() -> None:
    async def scene(ground: Ground) -> None:
        announced = await ground.wire()
        announced.send("POST /x HTTP/1.1", HOST, "Content-Length: 1000001", body=b"x" * 500_000)
        assert (await announced.answer())[0] == 413
        assert await announced.rest() == b""
        creeping = await ground.wire()
        creeping.send("POST /x HTTP/1.1", HOST, "Transfer-Encoding: chunked")
        for _ in range(11):
            creeping.writer.write(b"186a0\r\n" + b"x" * 100_000 + b"\r\n")
        assert (await creeping.answer())[0] == 413
        assert not ground.mirror.calls

    played(scene, Limits(body=1_000_000))


def test_big_bodies_both_ways_with_a_slow_reader() -> None:
    async def scene(ground: Ground) -> None:
        size = 20_000_000
        wire = await ground.wire()
        wire.send("POST /x HTTP/1.1", HOST, f"Content-Length: {size}", body=b"y" * size)
        assert len((await wire.said())["body"]) == size
        for _ in range(3):
            wire.send(f"GET /big?{size} HTTP/1.1", HOST)
        wire.send(*GET)
        await asyncio.sleep(0.1)
        # The first answer does not fit, so the next call has to wait for its reader.
        assert len(ground.mirror.calls) == 2
        for _ in range(3):
            assert len((await wire.answer())[2]) == size
        await wire.said()

    played(scene)


def test_who_is_slow_is_told_and_who_is_idle_is_let_go() -> None:
    async def scene(ground: Ground) -> None:
        idle, head, body, busy = [await ground.wire() for _ in range(4)]
        head.writer.write(b"GET /x HT")
        body.send("POST /x HTTP/1.1", HOST, "Content-Length: 5", body=b"abc")
        busy.send("GET /wait HTTP/1.1", HOST)
        assert await idle.rest() == b""
        assert (await head.answer())[0] == 408
        assert (await body.answer())[0] == 408
        # A call that the mock is at work on is no slow client.
        ground.mirror.gate.set()
        assert (await busy.said())["path"] == "/wait"
        assert len(ground.mirror.calls) == 1

    played(scene, Limits(idle=0.2, receive=0.2))


def test_a_head_that_drips_in_runs_out_of_time_and_a_body_that_flows_does_not() -> None:
    async def scene(ground: Ground) -> None:
        head, body = await ground.wire(), await ground.wire()
        body.send("POST /x HTTP/1.1", HOST, "Content-Length: 12")
        head.writer.write(b"GET /x HTTP/1.1\r\nA: ")
        for _ in range(12):
            head.writer.write(b"a")
            body.writer.write(b"b")
            await asyncio.sleep(0.05)
        assert (await body.said())["body"] == "b" * 12
        assert (await head.answer())[0] == 408

    played(scene, Limits(receive=0.3))


def test_who_does_not_read_is_cut_off() -> None:
    async def scene(ground: Ground) -> None:
        wire = await ground.wire()
        wire.send("GET /big?50000000 HTTP/1.1", HOST)
        while ground.server.connections or not ground.mirror.calls:
            await asyncio.sleep(0.02)

    played(scene, Limits(stall=0.2))


def test_a_client_that_leaves_does_not_stop_its_call() -> None:
    async def scene(ground: Ground) -> None:
        wire = await ground.wire()
        wire.send("GET /wait HTTP/1.1", HOST)
        while not ground.mirror.calls:
            await asyncio.sleep(0.001)
        (task,) = ground.server.tasks
        wire.writer.transport.abort()
        await asyncio.sleep(0.02)
        ground.mirror.gate.set()
        assert (await task).status == 200
        while ground.server.connections:
            await asyncio.sleep(0.001)

    played(scene)


def test_a_client_that_has_said_all_still_gets_its_answers() -> None:
    async def scene(ground: Ground) -> None:
        wire = await ground.wire()
        wire.send("GET /wait HTTP/1.1", HOST)
        wire.send(*GET)
        wire.writer.write_eof()
        await asyncio.sleep(0.02)
        ground.mirror.gate.set()
        assert [(await wire.said())["path"] for _ in range(2)] == ["/wait", "/x"]
        assert await wire.rest() == b""

    played(scene)


def test_connections_end_as_the_client_says() -> None:
    async def scene(ground: Ground) -> None:
        close = await ground.wire()
        close.send("GET /x HTTP/1.1", HOST, "Connection: close")
        close.send("GET /never HTTP/1.1", HOST)
        assert (await close.answer())[1]["connection"] == "close"
        assert await close.rest() == b""
        old = await ground.wire()
        old.send("GET /x HTTP/1.0")
        _, headers, body = await old.answer()
        assert headers["connection"] == "close"
        assert json.loads(body)["base"] == "http://localhost"
        assert await old.rest() == b""
        kept = await ground.wire()
        for _ in range(2):
            kept.send("GET /x HTTP/1.0", "Connection: keep-alive")
            assert (await kept.answer())[1]["connection"] == "keep-alive"
        assert "/never" not in [call.path for call in ground.mirror.calls]

    played(scene)


def test_a_wish_for_another_protocol_is_ignored() -> None:
    async def scene(ground: Ground) -> None:
        wire = await ground.wire()
        h2c = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAEAAEAAAAIAAAAB")
        wire.send("GET /one HTTP/1.1", HOST, *h2c)
        wire.send("POST /two HTTP/1.1", HOST, *h2c, "Content-Length: 2", body=b"hi")
        wire.send(*GET)
        found = [await wire.said() for _ in range(3)]
        assert [(said["path"], said["body"]) for said in found] == [("/one", ""), ("/two", "hi"), ("/x", "")]
        tunnel = await ground.wire()
        tunnel.send("CONNECT mock.test:443 HTTP/1.1", HOST)
        assert (await tunnel.answer())[0] == 405

    played(scene)


def test_targets_in_other_forms() -> None:
    async def scene(ground: Ground) -> None:
        wire = await ground.wire()
        wire.send("GET http://api.test:81/a/b?c=d HTTP/1.1", HOST)
        said = await wire.said()
        assert (said["path"], said["query"], said["base"]) == ("/a/b", "c=d", "http://api.test:81")
        wire.send("OPTIONS * HTTP/1.1", HOST)
        assert (await wire.said())["path"] == "*"

    played(scene)


def test_a_handler_that_breaks_is_an_answer_and_a_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    async def scene(ground: Ground) -> None:
        wire = await ground.wire()
        for path in ("/break", "/late-break", "/forge", "/snow"):
            wire.send(f"GET {path} HTTP/1.1", HOST)
            status, headers, body = await wire.answer()
            assert (status, body) == (500, b"Internal Server Error"), path
            assert "set-cookie" not in headers
        wire.send(*GET)
        await wire.said()

    with caplog.at_level(logging.ERROR, "tieout.httpd"):
        played(scene)
    assert [record.message for record in caplog.records] == [
        f"GET {path} broke" for path in ("/break", "/late-break", "/forge", "/snow")
    ]
    assert "late" in caplog.text


def test_cut_connections() -> None:
    async def scene(ground: Ground) -> None:
        reset = await ground.wire()
        reset.send("GET /x HTTP/1.1", HOST)
        reset.send("GET /reset HTTP/1.1", HOST)
        with pytest.raises(ConnectionResetError):
            await reset.rest()
        half = await ground.wire()
        half.send("GET /half HTTP/1.1", HOST)
        assert (await half.rest()).endswith(b"content-length: 10\r\n\r\n01234")
        nothing = await ground.wire()
        nothing.send("GET /half-of-nothing HTTP/1.1", HOST)
        broken = await nothing.rest()
        assert broken
        assert b"\r\n\r\n" not in broken

    played(scene)


def test_a_connection_that_hangs_does_so_until_the_client_goes() -> None:
    async def scene(ground: Ground) -> None:
        wire = await ground.wire()
        wire.send("GET /hang HTTP/1.1", HOST)
        wire.send(*GET)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await wire.reader.read(1)
        assert len(ground.server.connections) == 1
        wire.writer.close()
        while ground.server.connections:
            await asyncio.sleep(0.001)

    played(scene, Limits(idle=0.1, receive=0.1, stall=0.1))


def test_closing_finishes_what_runs_and_ends_the_rest() -> None:
    async def scene(ground: Ground) -> None:
        idle, hung, busy = [await ground.wire() for _ in range(3)]
        idle.send(*GET)
        await idle.said()
        hung.send("GET /hang HTTP/1.1", HOST)
        busy.send("GET /wait HTTP/1.1", HOST)
        while len(ground.mirror.calls) < 3:
            await asyncio.sleep(0.001)
        closing = asyncio.create_task(ground.server.close(5))
        assert await idle.rest() == b""
        assert await hung.rest() == b""
        assert not closing.done()
        with pytest.raises(OSError, match="Connect"):
            await ground.wire()
        ground.mirror.gate.set()
        assert (await busy.answer())[1]["connection"] == "close"
        assert await busy.rest() == b""
        await closing

    played(scene)


def test_closing_waits_no_longer_than_its_grace() -> None:
    async def scene(ground: Ground) -> None:
        wire = await ground.wire()
        wire.send("GET /wait HTTP/1.1", HOST)
        while not ground.mirror.calls:
            await asyncio.sleep(0.001)
        await ground.server.close(0.05)
        assert not ground.server.tasks
        assert await wire.rest() == b""

    played(scene)


def test_many_connections_at_once() -> None:
    async def scene(ground: Ground) -> None:
        wires = await asyncio.gather(*(ground.wire() for _ in range(300)))
        for _ in range(3):
            for n, wire in enumerate(wires):
                wire.send(f"GET /{'turns' if n % 2 else n} HTTP/1.1", HOST)
            for n, wire in enumerate(wires):
                assert (await wire.said())["path"] == f"/{'turns' if n % 2 else n}"

    played(scene)


def test_a_date_is_said_if_there_is_one() -> None:
    async def scene(ground: Ground) -> None:
        wire = await ground.wire()
        wire.send(*GET)
        assert (await wire.answer())[1]["date"] == "today"

    played(scene, date=lambda: "today")


STREAM = (
    b"GET /one?q=1 HTTP/1.1\r\nHost: a\r\nX-Long:   spaced  \r\n\r\n"
    b"POST /turns HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello world"
    b"POST /three HTTP/1.1\r\nhost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n2\r\nfg\r\n0\r\n\r\n"
    b"GET /four HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
    b"HEAD /empty HTTP/1.1\r\nHost: a\r\n\r\n"
    b"PUT /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 1\r\n\r\nz"
)


def answers(pieces: list[bytes]) -> bytes:
    """All bytes that come back when these pieces are read one after the other."""
    found: list[bytes] = []

    async def scene(ground: Ground) -> None:
        wire = await ground.wire()
        # The pieces go straight into the connection: a socket would join them.
        (connection,) = await _connected(ground)
        for piece in pieces:
            connection.data_received(piece)
        found.append(await wire.rest())

    played(scene)
    return found[0]


async def _connected(ground: Ground) -> list[Any]:
    while not ground.server.connections:
        await asyncio.sleep(0)
    return list(ground.server.connections)


@settings(max_examples=60, deadline=None)
@given(st.sets(st.integers(1, len(STREAM) - 1), max_size=40))
def test_however_a_stream_is_split_the_answers_are_the_same(cuts: set[int]) -> None:
    places = [0, *sorted(cuts), len(STREAM)]
    assert answers([STREAM[a:b] for a, b in pairwise(places)]) == WHOLE


def test_a_stream_may_come_byte_by_byte() -> None:
    assert answers([STREAM[i : i + 1] for i in range(len(STREAM))]) == WHOLE


WHOLE = answers([STREAM])
assert WHOLE.count(b"HTTP/1.1 2") == 6
