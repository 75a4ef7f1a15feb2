"""One `tieout up` a store: the second is refused by name before it writes anything, and let in afterwards."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from core.store.alone_postgres import safe
from scenarios.deploying import Wish, deployed
from scenarios.holding import alone_at
from simulators.serve import Plan, ServeError
from tests.servers import fresh_database, postgres_server  # noqa: F401 - a fixture

_DIES = (
    "import asyncio, os, sys\n"
    "from scenarios.holding import alone_at\n"
    "async def main():\n"
    "    async with alone_at(sys.argv[1], asyncio.get_running_loop().create_future()):\n"
    "        os.kill(os.getpid(), 9)\n"
    "asyncio.run(main())"
)


@asynccontextmanager
async def first(store: str) -> AsyncIterator[asyncio.Future[None]]:
    failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    async with alone_at(store, failed, 0.5):
        yield failed
    if not failed.done():
        failed.cancel()


async def refused(store: str) -> str:
    with pytest.raises(ServeError) as error:
        async with first(store):
            raise AssertionError("both are in")
    return str(error.value)


async def sessions(url: str, then: str = "") -> int:
    """Those of deployments on the database; then: also end them, and do this in the same breath."""
    connection = await asyncpg.connect(url)
    try:
        found = await connection.fetch(
            "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'tieout up%'"
            " AND datname = current_database()"
        )
        if then:
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                f" WHERE application_name LIKE 'tieout up%' AND datname = current_database(); {then}"
            )
            await asyncio.sleep(0.4)
        return len(found)
    finally:
        await connection.close()


async def tables(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        found = await connection.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        return int(found)
    finally:
        await connection.close()


def test_the_second_tieout_up_on_a_database_is_refused_and_has_written_nothing(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """That whatever is refused ends with 3: test_deployed.py."""

    async def main() -> None:
        server = request.getfixturevalue("postgres_server")
        url = await fresh_database(server)
        async with first(url):
            with pytest.raises(ServeError) as error:
                async with deployed(Wish(Plan(port_base=0), store=url, data=tmp_path)):
                    raise AssertionError("both are up")
            said = str(error.value)
            assert f"in use by another tieout up (pid {os.getpid()} on " in said
            assert said.startswith("store: postgresql://")
            assert url.rpartition("/")[2] in said
            assert await tables(url) == 0
            assert [path.name for path in tmp_path.iterdir()] == ["up.lock"]
            # Another database of the same server is another's.
            async with first(await fresh_database(server)):
                pass
        async with first(url):
            pass

    asyncio.run(main())


def test_whoever_was_killed_leaves_it_free(request: pytest.FixtureRequest) -> None:
    async def main() -> None:
        url = await fresh_database(request.getfixturevalue("postgres_server"))
        died = await asyncio.create_subprocess_exec(sys.executable, "-c", _DIES, url)
        assert await asyncio.wait_for(died.wait(), 60) == -9
        async with asyncio.timeout(5), first(url):
            pass

    asyncio.run(main())


def test_a_connection_that_is_cut_is_made_again_before_another_gets_in(
    request: pytest.FixtureRequest,
) -> None:
    """A server that comes back under load: test_deployed.py."""

    async def main() -> None:
        url = await fresh_database(request.getfixturevalue("postgres_server"))
        async with first(url) as failed:
            for _ in range(2):
                assert await sessions(url, "SELECT 1") == 1
                assert "in use by another" in await refused(url)
            assert not failed.done()
        assert await sessions(url) == 0

    asyncio.run(main())


def test_who_comes_back_to_find_another_in_its_place_is_told_and_the_other_stays(
    request: pytest.FixtureRequest,
) -> None:
    async def main() -> None:
        url = await fresh_database(request.getfixturevalue("postgres_server"))
        key = int.from_bytes(b"tieout", "big")
        async with first(url) as failed:
            async with asyncio.timeout(20):
                # The one who cuts it off takes the lock in the same breath.
                await sessions(url, f"SELECT pg_advisory_lock({key}); SELECT pg_sleep(2)")
                with pytest.raises(ServeError, match=r"in use by another .*came in while we could not"):
                    await failed

    asyncio.run(main())


def test_a_file_that_is_named_as_the_store_has_one_in_it_too(tmp_path: Path) -> None:
    async def main() -> None:
        store = f"sqlite:{tmp_path / 'core.sqlite3'}"
        async with first(store):
            (tmp_path / "link").symlink_to(tmp_path, target_is_directory=True)
            assert await refused(f"sqlite:{tmp_path / 'link' / 'core.sqlite3'}") == (
                f"store: sqlite:{tmp_path}/link/core.sqlite3 is in use by another tieout up"
                f" (pid {os.getpid()}); stop it, or name another"
            )
            assert not (tmp_path / "core.sqlite3").exists()
        async with first(store):
            pass
        assert "nowhere" in await refused(f"sqlite:{tmp_path}/nowhere/core.sqlite3")

    asyncio.run(main())


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://me:hunter2@host:1/name", "postgresql://…@host:1/name"),
        ("postgresql://me:hun@ter2@host/name", "postgresql://…@host/name"),
        ("postgresql://host/name?user=me&password=hunter2", "postgresql://host/name"),
    ],
)
def test_a_password_is_told_wherever_it_stood_by_nobody(url: str, told: str) -> None:
    assert safe(url) == told
