"""One deployment a folder: two would write over each other's file and speak to each other's vendors."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from simulators.serve import ServeError


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Made for this user only where it is not there. ServeError if somebody else is in it, or it cannot be
    written; whoever dies in it leaves it free."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(folder / "up.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise ServeError(f"data: {folder}: {error.strerror}; name a folder that can be written") from None
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.read(lock, 32).decode("ascii", "replace").strip() or "unknown"
            raise ServeError(
                f"data: {folder} is in use by another tieout up (pid {holder}); stop it, or name another"
            ) from None
        os.ftruncate(lock, 0)
        os.write(lock, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(lock)
