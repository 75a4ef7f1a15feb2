"""Opens the store and the bus that an address names; the libraries of a server come in only with it."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast
from urllib.parse import urlsplit

from core.bus.in_process import InProcessBus
from core.canonical.errors import Unavailable
from core.governance.audit import AuditLines
from core.ports.durable import Bus, Store
from core.store.grouped import GroupCommit
from core.store.looking import audit_in_file, audit_on_server
from core.store.sqlite import SqliteStore

STORES = "sqlite:PATH or postgresql://USER@HOST:PORT/DATABASE"
BUSES = "memory: or nats://HOST:PORT/NAME"


class BadAddress(ValueError):
    """No store or bus is known by such an address; the text says what there is."""


def check_addresses(store: str, bus: str) -> None:
    """BadAddress for what nothing can be opened by; nothing is tried."""
    if _scheme(store) not in ("sqlite", "postgresql", "postgres"):
        raise BadAddress(f"store: {_scheme(store) or store!r}: there are {STORES}")
    if _scheme(bus) not in ("memory", "nats"):
        raise BadAddress(f"bus: {_scheme(bus) or bus!r}: there are {BUSES}")
    if _scheme(bus) == "nats" and "." in _name(bus):
        raise BadAddress(f"bus: the name {_name(bus)!r} must not have dots; there are {BUSES}")


@asynccontextmanager
async def opened_store(address: str) -> AsyncIterator[Store]:
    """Connected and migrated. Unavailable if it does not answer, TooNew if it is ahead of this code."""
    if _scheme(address) == "sqlite":
        try:
            embedded = SqliteStore(address.partition(":")[2] or ":memory:", durable=True)
        except sqlite3.Error as error:
            raise Unavailable(
                f"store: {address}: {error}; name a file of a store, or none yet in a folder that is there",
                system="store",
            ) from error
        try:
            yield cast("Store", GroupCommit(embedded))
        finally:
            embedded.close()
        return
    from core.store.postgres import PostgresStore  # noqa: PLC0415 - only who uses the server loads its library

    store: Any = await PostgresStore.open(address)
    try:
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def opened_audit(address: str) -> AsyncIterator[AuditLines]:
    """Only to be read, as it is: a store that is verified is neither made nor migrated. Unavailable or
    sqlite3.Error if there is none."""
    if _scheme(address) == "sqlite":
        async with audit_in_file(address.partition(":")[2]) as lines:
            yield lines
        return
    async with audit_on_server(address) as lines:
        yield lines


@asynccontextmanager
async def opened_bus(address: str, store: str = "") -> AsyncIterator[Bus]:
    """Connected. store: its identity. Unavailable if nobody answers."""
    if _scheme(address) == "memory":
        yield InProcessBus()
        return
    from core.bus.nats import NatsBus  # noqa: PLC0415 - only who uses the server loads its library

    name = _name(address)
    bus = await NatsBus.open(address.rpartition("/")[0] if name else address, name or "tieout", store)
    try:
        yield bus
    finally:
        await bus.close()


def _scheme(address: str) -> str:
    return address.partition(":")[0] if ":" in address else ""


def _name(address: str) -> str:
    return urlsplit(address).path.strip("/")
