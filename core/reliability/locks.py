"""One at a time per aggregate: within one process, or among all that share a store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

from core.ports.durable import Store
from core.ports.world import Clock, Draws

# How often another process's lock is looked at: soon at first, then less.
_FIRST_SECONDS, _LONGEST_SECONDS = 0.005, 0.25


class Locks(Protocol):
    """Mutual exclusion by key."""

    def hold(self, key: str) -> AbstractAsyncContextManager[None]:
        """Wait for the key, keep it for the block."""
        ...


class KeyedLocks:
    """Locks within one process; a key that nobody holds or waits for costs nothing."""

    def __init__(self) -> None:
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def hold(self, key: str) -> AsyncIterator[None]:
        """Wait for the key, keep it for the block."""
        lock, users = self._locks.get(key, (None, 0))
        lock = lock or asyncio.Lock()
        self._locks[key] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            _, users = self._locks[key]
            if users == 1:
                del self._locks[key]
            else:
                self._locks[key] = (lock, users - 1)


class SharedLocks:
    """Locks among processes, as leases in their store: whoever dies loses them after `lease_seconds`.

    A lease bounds the wait for the dead; it does not stop a process that only slept. What that one still
    does, it does under the business key, and its journal is fenced.
    """

    def __init__(self, store: Store, clock: Clock, draws: Draws, holder: str, lease_seconds: float) -> None:
        self._store, self._clock, self._draws, self._holder = store, clock, draws, holder
        self._lease_us = int(lease_seconds * 1_000_000)
        self._own = KeyedLocks()

    @asynccontextmanager
    async def hold(self, key: str) -> AsyncIterator[None]:
        """Wait for the key, keep it for the block; Unavailable if the store is away."""
        async with self._own.hold(key):
            await self._acquire(f"lock/{key}")
            try:
                yield
            finally:
                await self._store.unlease(f"lock/{key}", self._holder)

    async def _acquire(self, name: str) -> None:
        tries = 0
        while True:
            now = self._clock.now()
            if await self._store.lease(name, self._holder, now, now + self._lease_us):
                return
            pause = min(_FIRST_SECONDS * 2**tries, _LONGEST_SECONDS)
            await asyncio.sleep(pause * (0.5 + 0.5 * self._draws.uniform("lock", name, self._holder, tries)))
            tries = min(tries + 1, 10)
