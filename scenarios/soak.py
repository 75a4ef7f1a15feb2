"""Real deployments under random death, round after round, judged by the laws: python -m scenarios.soak.

Each round is a deployment of its own (as `tieout up` starts it) on which people sell, bill, pay, amend and
refund while a schedule drawn from the seed kills and stops its processes, with --servers also PostgreSQL and
NATS. Exit code 0 only if all rounds held; of a round that did not, data, logs and books are kept. The same
seed gives the same schedule, and not the same run: time is real.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

from core.realtime import WallClock
from scenarios.blows import Blow, schedule, strike
from scenarios.deploying import ALONE, Up, Wish, deployed
from scenarios.evidence.reading import to_text
from scenarios.evidence.run import Evidence
from scenarios.lifecycles.hands import HandsError
from scenarios.servers import NoServer, Server, fresh_database, nats, postgres
from scenarios.serving import OPTIONS, reaching
from scenarios.trading import Restless, Trade
from simulators.serve import Plan, ServeError

MODELS = ("orchestrated", "event_driven", "batch", "hybrid")
# The vendors' senders come again soon: what a core that was down did not hear is not waited for by the hour.
_SOON = {
    "salesforce": {"relay_pause_seconds": 3},
    "stripe": {"webhook_pause_seconds": 3},
    "zuora": {**OPTIONS["zuora"], "callout_minutes": 1},
}
_LEASE_SECONDS = 4.0
_PHASES = 4


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be soaked. servers: those that are ours to kill, by name, "postgres" and "nats"; store and
    bus: of others, "" for those, or for a SQLite file."""

    model: str
    customers: int
    workers: int
    out: Path
    store: str = ""
    bus: str = "memory:"
    servers: dict[str, Server] = field(default_factory=dict)

    @property
    def on(self) -> str:
        """What it stands on, in a word."""
        return "+".join(self.servers) or (self.store.partition(":")[0] or "sqlite")


@dataclass(frozen=True, slots=True)
class Round:
    """How one ended. amiss: what does not hold, [] if all does; kept: where it is to be looked into."""

    seed: int
    blows: tuple[tuple[Blow, ...], ...]
    amiss: list[str]
    seconds: float
    kept: Path | None


def main(arguments: Sequence[str] | None = None) -> int:
    """The rounds asked for; 0 if all held, 1 if not, 3 for wrong use."""
    parser = argparse.ArgumentParser("python -m scenarios.soak", description=__doc__.partition("\n")[0])
    parser.add_argument("--model", choices=MODELS, default="hybrid")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1, help="Of the first round; each has the next one.")
    parser.add_argument("--workers", type=int, default=None, help="2; one for a model that shares nothing.")
    parser.add_argument("--customers", type=int, default=6)
    parser.add_argument("--servers", action="store_true", help="PostgreSQL and NATS of our own, killed too.")
    parser.add_argument("--store", default="", help="An empty one of another's, for one round.")
    parser.add_argument("--bus", default="memory:")
    parser.add_argument("--out", type=Path, default=Path("out/soak"), help="Where failed rounds are kept.")
    try:
        given = parser.parse_args(arguments)
        if given.store and (given.servers or given.rounds != 1):
            parser.error("--store: of another's, for one round and without --servers")
    except SystemExit as end:
        return 3 if end.code else 0
    workers = given.workers or (1 if given.model in ALONE else 2)
    try:
        with ExitStack() as stack:
            starts = {"postgres": postgres, "nats": nats} if given.servers else {}
            servers = {name: stack.enter_context(start()) for name, start in starts.items()}
            wanted = Wanted(
                given.model, given.customers, workers, given.out.absolute(), given.store, given.bus, servers
            )
            return _rounds(wanted, given.seed, given.rounds)
    except (NoServer, ServeError) as error:
        _say(f"soak: {error}")
        return 3


def _rounds(wanted: Wanted, seed: int, rounds: int) -> int:
    failed = 0
    for number in range(seed, seed + rounds):
        ended = asyncio.run(soak(wanted, number))
        _tell(wanted, ended)
        failed += bool(ended.amiss)
    _say(f"{rounds - failed} of {rounds} rounds held: {wanted.model} on {wanted.on}")
    return 1 if failed else 0


async def soak(wanted: Wanted, seed: int) -> Round:
    """One round. ServeError if the deployment cannot begin."""
    began = time.monotonic()
    folder = wanted.out / f"{wanted.model}-{wanted.on}-{seed}"
    shutil.rmtree(folder, ignore_errors=True)
    store, bus = wanted.store, wanted.bus
    if wanted.servers:
        name = f"soak_{seed}_{time.time_ns()}"
        store = await fresh_database(wanted.servers["postgres"], name)
        bus = f"{wanted.servers['nats'].url}/{name}"
    plan = Plan(port_base=0, seed="soak", options=_SOON)
    wish = Wish(plan, wanted.model, wanted.workers, store, bus, folder, lease_seconds=_LEASE_SECONDS)
    names = ("api", *(f"worker-{n}" for n in range(1, wanted.workers + 1)))
    blows = schedule(seed, _PHASES, names, tuple(wanted.servers), int(_LEASE_SECONDS * 1000))
    evidence: Evidence | None = None
    amiss: list[str] = []
    told: list[str] = []
    try:
        async with deployed(wish, told.append) as up:
            evidence, amiss = await _business(up, wanted, blows)
    except (Restless, HandsError, ServeError, aiohttp.ClientError, TimeoutError) as error:
        amiss = [f"{type(error).__name__}: {error}"]
    seconds = time.monotonic() - began
    if not amiss:
        shutil.rmtree(folder, ignore_errors=True)
        return Round(seed, blows, amiss, seconds, None)
    await _keep(
        folder, evidence, [*map(str, (blow for phase in blows for blow in phase)), *told, *amiss], store
    )
    return Round(seed, blows, amiss, seconds, folder)


async def _business(
    up: Up, wanted: Wanted, blows: tuple[tuple[Blow, ...], ...]
) -> tuple[Evidence, list[str]]:
    """Sold, billed, changed and billed again, a phase of blows for each."""
    clock = WallClock()
    async with reaching(up.lab.urls, up.lab.credentials, clock) as hands:
        everybody = range(1, wanted.customers + 1)
        by_link, changing = frozenset(everybody[1::3]), everybody[::2]
        trade = Trade(up.lab, hands, datetime.now(UTC).date(), wanted.customers, by_link)

        def now() -> int:
            return clock.now() // 1_000_000

        async def changes() -> None:
            await trade.pay_by_link(now())
            await trade.amend(changing)
            await trade.give_back([n for n in everybody if n not in by_link][:2])

        async def billed() -> None:
            await trade.bill(wanted.customers)

        async def billed_again() -> None:
            await trade.bill(len(changing))

        phases: tuple[Callable[[], Awaitable[None]], ...] = (trade.sell, billed, changes, billed_again)
        for number, (of_phase, business) in enumerate(zip(blows, phases, strict=True)):
            if number == 1:
                await trade.put_cards_on_file()
            await trade.during(strike(of_phase, up.children, wanted.servers), business())
            await trade.repair()
        await trade.pay_by_link(now())
        evidence = await trade.books()
        return evidence, trade.amiss(evidence)


async def _keep(folder: Path, evidence: Evidence | None, lines: Sequence[str], store: str) -> None:
    """What is needed to look into it, beside the data and the logs of the processes."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "soak.txt").write_text("\n".join(lines) + "\n")
    if evidence is not None:
        (folder / "evidence.json").write_text(to_text(evidence))
    if store.startswith("postgres"):
        await _dump(store, folder / "store.json")


async def _dump(store: str, path: Path) -> None:
    import asyncpg  # noqa: PLC0415 - only who has such a server needs its library

    connection = await asyncpg.connect(store)
    tables = ("task", "outbox", "inbox", "seen", "lease")
    rows = {name: [dict(row) for row in await connection.fetch(f"SELECT * FROM {name}")] for name in tables}
    await connection.close()
    path.write_text(json.dumps(rows, default=str, indent=1) + "\n")


def _tell(wanted: Wanted, ended: Round) -> None:
    blows = " | ".join(", ".join(map(str, phase)) for phase in ended.blows)
    verdict = "held" if not ended.amiss else f"NOT HELD: {'; '.join(ended.amiss[:4])}"
    _say(f"{wanted.model} {wanted.on} seed {ended.seed}: {blows}: {verdict}, {ended.seconds:.0f} s")
    if ended.kept is not None:
        servers = " --servers" if wanted.servers else ""
        size = f"--workers {wanted.workers} --customers {wanted.customers}"
        _say(f"  kept in {ended.kept}; the same schedule again: python -m scenarios.soak --model"
             f" {wanted.model} --seed {ended.seed} --rounds 1 {size}{servers}")  # fmt: skip


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a command's output


if __name__ == "__main__":
    sys.exit(main())
