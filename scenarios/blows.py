"""What befalls the processes and servers of a deployment, drawn from a seed, and how it is done to them.

The schedule is a pure function of the seed. When a blow lands in the course of the work is not: time is
real, so a schedule can be repeated, and not replayed.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from scenarios.children import Child
from scenarios.servers import Server
from scenarios.world.draws import KeyedDraws

KILL, STOP, CRASH, CUT = "kill", "stop", "crash", "cut"
_PHASE_MS = 6000
# How often of ten a process of the core dies; what else there is shares the rest.
_KILLS, _STOPS, _SERVERS = 6.0, 2.0, 4.0
_DOWN_MS = (100, 3000)


@dataclass(frozen=True, slots=True)
class Blow:
    """after_ms: since its phase began. act: kill (no farewell), stop (stands still for `ms`, then goes on),
    crash (a server, up again after `ms`), cut (every connection to the database). what: its name."""

    after_ms: int
    act: str
    what: str
    ms: int = 0

    def __str__(self) -> str:
        lasts = f" for {self.ms / 1000:.1f} s" if self.ms else ""
        return f"{self.act} {self.what} at {self.after_ms / 1000:.1f}{lasts}"


def schedule(
    seed: int, phases: int, processes: Sequence[str], servers: Sequence[str], lease_ms: int
) -> tuple[tuple[Blow, ...], ...]:
    """The blows of each phase in order of time. processes: those of the core; servers: those that may crash,
    the database among them as "postgres"; lease_ms: a stop is longer than that."""
    draws = KeyedDraws(seed)
    weights = {KILL: _KILLS, STOP: _STOPS}
    if servers:
        weights |= {CRASH: _SERVERS * len(servers) / 3, CUT: _SERVERS / 3}
    found = []
    for phase in range(phases):
        blows = []
        for number in range(draws.integer(2, 4, "count", phase)):
            key = (phase, number)
            act = draws.weighted(weights, "act", *key)
            what = draws.choice(processes, "process", *key)
            ms = 0
            if act == STOP:
                ms = draws.integer(lease_ms + 500, lease_ms * 3, "ms", *key)
            if act == CRASH:
                what, ms = draws.choice(servers, "server", *key), draws.integer(*_DOWN_MS, "ms", *key)
            if act == CUT:
                what = "postgres"
            blows.append(Blow(draws.integer(0, _PHASE_MS, "after", *key), act, what, ms))
        found.append(tuple(sorted(blows, key=lambda blow: blow.after_ms)))
    return tuple(found)


async def strike(blows: Sequence[Blow], children: Mapping[str, Child], servers: Mapping[str, Server]) -> None:
    """All of them, each at its time; returns when the last is over."""
    turns = {name: asyncio.Lock() for name in servers}

    async def one(blow: Blow) -> None:
        await asyncio.sleep(blow.after_ms / 1000)
        match blow.act:
            case "kill":
                children[blow.what].kill()
            case "stop":
                await _stand_still(children[blow.what], blow.ms)
            case "crash":
                async with turns[blow.what]:
                    servers[blow.what].kill()
                    await asyncio.sleep(blow.ms / 1000)
                    await asyncio.to_thread(servers[blow.what].start)
            case "cut":
                await cut_all(servers[blow.what])

    await asyncio.gather(*(one(blow) for blow in blows))


async def _stand_still(child: Child, ms: int) -> None:
    process = child.process
    if process is None or process.returncode is not None:
        return
    with suppress(ProcessLookupError):
        os.kill(process.pid, signal.SIGSTOP)
    try:
        await asyncio.sleep(ms / 1000)
    finally:
        # Its number is not another's: it is our child, and nobody has waited for it.
        if process.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGCONT)


async def cut_all(server: Server) -> None:
    """Every connection of the core to the database; nothing where the server is away."""
    import asyncpg  # noqa: PLC0415 - only who has such a server needs its library

    with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        connection = await asyncpg.connect(server.url)
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'tieout%'"
        )
        await connection.close()
