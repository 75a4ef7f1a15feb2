"""One deployment a folder and a store: two would speak of each other's vendors to one memory."""

from __future__ import annotations

import asyncio
import fcntl
import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from core.canonical.errors import Unavailable
from simulators.serve import ServeError


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Made for this user only where it is not there. ServeError if somebody else is in it, or it cannot be
    written; whoever dies in it leaves it free."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = _opened(folder / "up.lock")
    except OSError as error:
        raise ServeError(f"data: {folder}: {error.strerror}; name a folder that can be written") from None
    with _locked(lock, f"data: {folder}"):
        yield


@asynccontextmanager
async def alone_at(
    store: str, failed: asyncio.Future[None], patience: float | None = None
) -> AsyncIterator[None]:
    """At the store of an address: a file, or a server's database; nothing is written into it. ServeError if
    somebody else is, or it does not answer; failed gets one, if another came in while its server was away.
    patience: seconds for which a database must look free."""
    if not store.startswith("sqlite:"):
        async with _alone_on_server(store, failed, patience):
            yield
        return
    name = store.partition(":")[2]
    if name in ("", ":memory:"):
        yield
        return
    path = Path(name).resolve()
    try:
        lock = _opened(path.with_name(f"{path.name}.up.lock"))
    except OSError as error:
        raise ServeError(
            f"store: {store}: {error.strerror}; name a file of a store, or none yet in a folder that is there"
        ) from None
    with _locked(lock, f"store: {store}"):
        yield


@asynccontextmanager
async def _alone_on_server(
    store: str, failed: asyncio.Future[None], patience: float | None
) -> AsyncIterator[None]:
    # Only who uses the server loads its library.
    from core.store.alone_postgres import PATIENCE, AloneOnServer, Taken  # noqa: PLC0415

    async def keep() -> None:
        try:
            await alone.keep()
        except Taken as error:
            reason = ServeError(f"{error}, who came in while we could not reach it")
        except Exception as error:  # noqa: BLE001 - unwatched it must not go on, whatever it is
            reason = ServeError(f"store: the hold on it was lost: {error!r}")
        if not failed.done():
            failed.set_exception(reason)

    who = f"pid {os.getpid()} on {socket.gethostname()[:30]}"
    try:
        alone = await AloneOnServer.take(store, who, PATIENCE if patience is None else patience)
    except Taken as error:
        raise ServeError(f"{error}; stop it, or name another database") from None
    except Unavailable as error:
        raise ServeError(str(error)) from None
    keeper = asyncio.create_task(keep())
    try:
        yield
    finally:
        keeper.cancel()
        await asyncio.wait([keeper])
        await alone.close()


def _opened(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


@contextmanager
def _locked(lock: int, what: str) -> Iterator[None]:
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.read(lock, 32).decode("ascii", "replace").strip() or "unknown"
            raise ServeError(
                f"{what} is in use by another tieout up (pid {holder}); stop it, or name another"
            ) from None
        os.ftruncate(lock, 0)
        os.write(lock, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(lock)
