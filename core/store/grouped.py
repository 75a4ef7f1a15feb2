"""Group commit: what many tasks write in the same moment becomes durable by one sync of the file."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any

from core.canonical.errors import Unavailable
from core.store.sqlite import SqliteStore

# What only looks, and at nothing that anybody outside acts on.
_READS = frozenset(
    {
        "audited",
        "next_due",
        "watermark",
        "parked",
        "ready",
        "task",
        "census",
        "tally",
        "job",
        "running_jobs",
        "session",
        "said",
        "day_spent",
        "paused",
        "roots",
        "token_revoked",
    }
)


class GroupCommit:
    """Stands for core.ports.durable.Store over an embedded one: whatever call it has, now and later.

    A call runs at once, inside a transaction that is committed when the event loop has nothing else ready;
    it returns after the commit. Unavailable for all of a group if the file cannot be written.
    """

    def __init__(self, inner: SqliteStore) -> None:
        self._inner, self._db = inner, inner.database
        self._committed: asyncio.Future[None] | None = None

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._inner, name)
        if name == "close":
            return call
        return _looking(call) if name in _READS else self._around(call)

    async def spend(self, span: str, wanted: int, most: int) -> int:
        """As every store's. A budget of a moment is not waited for: it is over before a machine is up again
        that lost it; a day's is."""
        committed = self._group()
        granted = await self._inner.spend(span, wanted, most)
        if "/day/" in span:
            await asyncio.shield(committed)
        return granted

    def _around(self, call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def write(*args: Any, **named: Any) -> Any:
            committed = self._group()
            try:
                found = await call(*args, **named)
            except sqlite3.OperationalError as error:
                # The disk is full, or fails, or may only be read.
                self._lost(committed, error)
                raise _unwritten(error) from error
            # Others of the group must not be cancelled with one that waits.
            await asyncio.shield(committed)
            return found

        return write

    def _group(self) -> asyncio.Future[None]:
        if self._committed is None:
            try:
                self._db.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                raise Unavailable(f"store: {error}", system="store") from error
            loop = asyncio.get_running_loop()
            self._committed = loop.create_future()
            loop.call_soon(self._commit)
        return self._committed

    def _lost(self, committed: asyncio.Future[None], error: sqlite3.Error) -> None:
        """SQLite may have taken the whole group back by itself (https://www.sqlite.org/lang_transaction.html,
        section 3.1): who wrote before in it is told so, and who comes after begins another."""
        if self._committed is committed and not self._db.in_transaction:
            self._committed = None
            _failed(committed, error)

    def _commit(self) -> None:
        committed, self._committed = self._committed, None
        if committed is None:
            return
        try:
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            _failed(committed, error)
        else:
            committed.set_result(None)


def _looking(call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def look(*args: Any, **named: Any) -> Any:
        try:
            return await call(*args, **named)
        except sqlite3.OperationalError as error:
            raise Unavailable(f"store: {error}", system="store") from error

    return look


def _failed(committed: asyncio.Future[None], error: sqlite3.Error) -> None:
    committed.set_exception(_unwritten(error))
    # Whoever wrote may have gone; then nobody asks.
    committed.exception()


def _unwritten(error: sqlite3.Error) -> Unavailable:
    return Unavailable(f"store: not written: {error}", system="store")
