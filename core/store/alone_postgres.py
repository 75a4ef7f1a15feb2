"""One deployment a database: an advisory lock of a session, taken again when the session is lost."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Self
from urllib.parse import urlsplit

import asyncpg

from core.canonical.errors import Unavailable

# What says that the server or the way to it is gone, or that it takes nothing at present, and nothing about
# the statement. A connection that is cut while a statement begins on it ends that one as InternalClientError.
AWAY = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.PostgresSystemError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.TransactionRollbackError,
)
_TROUBLE = (*AWAY, asyncpg.PostgresError, TimeoutError)
# The key is the word "tieout"; a lock is of one database.
_KEY = int.from_bytes(b"tieout", "big")
_HOLDER = f"""SELECT a.pid, coalesce(a.application_name, '') FROM pg_locks AS l
  LEFT JOIN pg_stat_activity AS a ON a.pid = l.pid
  WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND l.classid::bigint = {_KEY >> 32} AND l.objid::bigint = {_KEY & 0xFFFFFFFF}"""
# Who was cut off tries ten times a second; a newcomer waits for it.
_AGAIN, PATIENCE, _LOOK, _TIMEOUT = 0.1, 2.0, 2.0, 5.0
# The server gives up after half a minute on a machine that is gone without a word.
_KEEPALIVE = {"tcp_keepalives_idle": "15", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3"}


class Taken(Exception):
    """Another deployment is on the database; the text says who, and which, without a password."""


def safe(url: str) -> str:
    """A database's address without user and password, wherever they stand in it."""
    parts = urlsplit(url)
    _, at, tail = parts.netloc.rpartition("@")
    return f"{parts.scheme}://{'…@' if at else ''}{tail}{parts.path}"


class AloneOnServer:
    """Whoever has it is the only one on the database; a second is refused by name. Who dies, or is cut off
    for good, leaves it free; who is only cut off, or outlives its server, takes it again."""

    def __init__(self, url: str, who: str, session: asyncpg.Connection) -> None:
        self._url, self._who = url, who
        self._has(session)

    @classmethod
    async def take(cls, url: str, who: str, patience: float = PATIENCE) -> Self:
        """Nothing is written. who: what another is told of it, up to 50 characters; patience: seconds for
        which it must look free, so that whoever was cut off comes first. Taken, Unavailable."""
        session = await _connected(url, who)
        try:
            until = asyncio.get_running_loop().time() + patience
            while asyncio.get_running_loop().time() < until and await session.fetchrow(_HOLDER) is None:
                await asyncio.sleep(_AGAIN)
            if not await session.fetchval("SELECT pg_try_advisory_lock($1)", _KEY):
                raise await _taken(session, url)
        except BaseException:
            session.terminate()
            raise
        return cls(url, who, session)

    async def keep(self) -> None:
        """Until it is cancelled; Taken, if another came in while this one was cut off."""
        while True:
            lost = asyncio.Event()
            with suppress(*_TROUBLE):
                self._session.add_termination_listener(lambda _, lost=lost: lost.set())
                await self._watched(lost)
            await self._again()

    async def close(self) -> None:
        """Let the next one in."""
        with suppress(*_TROUBLE):
            await self._session.close(timeout=_TIMEOUT)

    async def _watched(self, lost: asyncio.Event) -> None:
        """Until the session is lost; one that the other end never hung up is found by asking."""
        while not lost.is_set():
            await self._session.fetchval("SELECT 1", timeout=_TIMEOUT)
            with suppress(TimeoutError):
                await asyncio.wait_for(lost.wait(), _LOOK)

    async def _again(self) -> None:
        """For as long as it takes: workers wait for the server, too."""
        lost = self._pid
        self._session.terminate()
        while True:
            with suppress(Unavailable, *_TROUBLE):
                session = await _connected(self._url, self._who)
                if await self._mine(session, lost):
                    self._has(session)
                    return
            await asyncio.sleep(_AGAIN)

    def _has(self, session: asyncpg.Connection) -> None:
        # A session that is over no longer says which it was.
        self._session, self._pid = session, session.get_server_pid()

    async def _mine(self, session: asyncpg.Connection, lost: int) -> bool:
        """Whether the session has the lock now. The server may not know yet that the one before is lost."""
        try:
            if await session.fetchval("SELECT pg_try_advisory_lock($1)", _KEY, timeout=_TIMEOUT):
                return True
            holder = await session.fetchrow(_HOLDER, timeout=_TIMEOUT)
            if holder is not None:
                if tuple(holder) != (lost, _named(self._who)):
                    raise await _taken(session, self._url)
                await session.execute("SELECT pg_terminate_backend($1)", lost, timeout=_TIMEOUT)
        except BaseException:
            session.terminate()
            raise
        session.terminate()
        return False


def _named(who: str) -> str:
    return f"tieout up, {who}"


async def _connected(url: str, who: str) -> asyncpg.Connection:
    settings = {"application_name": _named(who), **_KEEPALIVE}
    try:
        return await asyncpg.connect(url, timeout=_TIMEOUT, server_settings=settings)
    except (*_TROUBLE, ValueError) as error:
        raise Unavailable(f"store: {safe(url)} cannot be opened: {error}", system="store") from error


async def _taken(session: asyncpg.Connection, url: str) -> Taken:
    holder = await session.fetchrow(_HOLDER)
    # Of another role's session the server does not tell the name.
    name = holder[1].removeprefix("tieout up, ") if holder is not None else ""
    return Taken(f"store: {safe(url)} is in use by another tieout up ({name or 'unknown'})")
