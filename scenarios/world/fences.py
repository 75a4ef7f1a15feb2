"""Fences: inside a run, sockets, threads, wall clock and entropy raise, and name who called.

`datetime.now` and `date.today` live in C and cannot be fenced here; the linter bans them by name.
"""

from __future__ import annotations

import os
import random
import secrets
import socket
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from scenarios.world.loop import Fenced

_FENCED: tuple[tuple[Any, str, str], ...] = (
    (time, "time", "wall clock"),
    (time, "time_ns", "wall clock"),
    (time, "monotonic", "wall clock"),
    (time, "monotonic_ns", "wall clock"),
    (time, "sleep", "wall clock"),
    (random, "random", "entropy"),
    (random, "randint", "entropy"),
    (random, "randrange", "entropy"),
    (random, "choice", "entropy"),
    (random, "shuffle", "entropy"),
    (random, "uniform", "entropy"),
    (os, "urandom", "entropy"),
    (uuid, "uuid1", "entropy"),
    (uuid, "uuid4", "entropy"),
    (secrets, "token_hex", "entropy"),
    (secrets, "token_bytes", "entropy"),
    (secrets, "token_urlsafe", "entropy"),
    (socket.socket, "connect", "socket"),
    (socket, "create_connection", "socket"),
    (threading.Thread, "start", "thread"),
)
# Whose calls are fenced; libraries that look at the clock for their own ends are left alone.
_OURS = ("core", "simulators", "scenarios", "tests", "__main__")


@contextmanager
def fenced() -> Iterator[None]:
    """Put the fences up for the length of a run."""
    kept = [(owner, name, getattr(owner, name)) for owner, name, _ in _FENCED]
    for owner, name, kind in _FENCED:
        setattr(
            owner, name, _fence(f"{getattr(owner, '__name__', owner)}.{name}", kind, getattr(owner, name))
        )
    try:
        yield
    finally:
        for owner, name, original in kept:
            setattr(owner, name, original)


def _fence(name: str, kind: str, original: Any) -> Any:
    def fence(*args: Any, **named: Any) -> Any:
        caller = sys._getframe(1)
        module = str(caller.f_globals.get("__name__", ""))
        if module.split(".", maxsplit=1)[0] in _OURS or module.startswith("test_"):
            where = f"{caller.f_code.co_filename}:{caller.f_lineno}"
            raise Fenced(f"{kind}: {name} called at {where}; take Clock, Ids or Draws by the door")
        return original(*args, **named)

    return fence
