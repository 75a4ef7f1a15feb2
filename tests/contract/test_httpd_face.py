"""The server of the lean face answers over a socket with the bytes that the face answers in memory."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping

import pytest

from simulators.kit.httpd import listen_and_answer
from simulators.kit.table import Call, Reply
from simulators.roster import VENDORS
from tests.contract.test_faces import GOOD, SIGN_IN, Answer, Pair


class Served(Pair):
    """The lean face in memory, and the same over the server; every call goes to both."""

    def call(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        expected = super().call(method, path, body, headers)
        given = self.signed if headers is None else headers
        found = asyncio.run(_over_a_socket(expected, method, path, body, given))
        assert found == expected, f"{method} {path}"
        return expected


async def _over_a_socket(
    expected: Answer, method: str, path: str, body: bytes, headers: Mapping[str, str]
) -> Answer:
    """What is read at the other end when the server is given this answer for this call."""
    target, _, query = path.partition("?")

    async def answer(call: Call) -> Reply:
        assert (call.method, call.path, call.query, call.body) == (method, target, query, body)
        assert call.headers.items() >= headers.items()
        assert call.base_url == "http://mock.test"
        names = [(n.decode("latin-1"), v.decode("latin-1")) for n, v in expected.headers]
        return Reply(expected.status, expected.body, tuple(names[:-1]))

    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = await listen_and_answer(answer, listener)
    reader, writer = await asyncio.open_connection(*listener.getsockname())
    lines = [f"{method} {path} HTTP/1.1", "host: mock.test", f"content-length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    writer.write("\r\n".join([*lines, "connection: close", "", ""]).encode("latin-1") + body)
    raw = await reader.read()
    writer.close()
    await server.close(1)
    head, _, content = raw.partition(b"\r\n\r\n")
    first, *fields = head.split(b"\r\n")
    pairs = [(n, v) for n, _, v in (field.partition(b": ") for field in fields)]
    assert (b"connection", b"close") in pairs
    pairs.remove((b"connection", b"close"))
    return Answer(int(first.split(b" ")[1]), tuple(pairs), content)


@pytest.mark.parametrize("name", sorted(VENDORS))
def test_the_server_adds_and_loses_nothing(name: str) -> None:
    pair = Served(VENDORS[name])
    pair.signed = SIGN_IN[name](pair)
    for method, path, body in GOOD[name]:
        pair.call(method, path, body)
    for method in ("PUT", "DELETE", "OPTIONS"):
        pair.call(method, "/nowhere")
