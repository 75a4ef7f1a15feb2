"""Servers for the tests, one a process, on free ports; a missing one fails in CI and skips elsewhere."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator

import pytest

from scenarios.servers import NoServer, Server, nats, postgres
from scenarios.servers import fresh_database as database

_NUMBERS = itertools.count(1)


def started(start) -> Iterator[Server]:
    """The server of a `with start()`."""
    try:
        with start() as server:
            yield server
    except NoServer as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    yield from started(postgres)


@pytest.fixture(scope="session")
def nats_server() -> Iterator[Server]:
    yield from started(nats)


async def fresh_database(server: Server) -> str:
    """The address of an empty database of its own."""
    return await database(server, f"test_{os.getpid()}_{next(_NUMBERS)}")
