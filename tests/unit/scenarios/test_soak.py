"""The schedule of a soak, what it does to processes, and what the command says and ends with."""

from __future__ import annotations

import asyncio
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from scenarios import soak
from scenarios.blows import CRASH, CUT, KILL, STOP, Blow, schedule, strike
from scenarios.children import Child
from scenarios.soak import main
from scenarios.trading import Restless

NAMES = ("api", "worker-1", "worker-2")
SERVERS = ("postgres", "nats")


def test_a_seed_has_one_schedule_and_another_seed_another():
    again = [schedule(7, 4, NAMES, SERVERS, 4000) for _ in range(2)]
    assert again[0] == again[1]
    assert len({schedule(seed, 4, NAMES, SERVERS, 4000) for seed in range(50)}) == 50


@pytest.mark.parametrize("servers", [(), SERVERS])
def test_blows_come_in_order_and_hit_what_there_is(servers: tuple[str, ...]) -> None:
    seen: Counter[tuple[str, str]] = Counter()
    for seed in range(200):
        phases = schedule(seed, 4, NAMES, servers, 4000)
        assert len(phases) == 4
        for blows in phases:
            assert 2 <= len(blows) <= 4
            assert [blow.after_ms for blow in blows] == sorted(blow.after_ms for blow in blows)
            # Whoever stands still comes back when others have taken over what it had in hand.
            assert all(blow.ms > 4000 for blow in blows if blow.act == STOP)
            seen.update((blow.act, blow.what) for blow in blows)
    wanted = {(act, name) for act in (KILL, STOP) for name in NAMES}
    if servers:
        wanted |= {(CRASH, name) for name in servers} | {(CUT, "postgres")}
    assert set(seen) == wanted


def test_a_process_stands_still_and_goes_on_and_another_dies(tmp_path: Path) -> None:
    # Each writes a dot every 20 ms.
    code = "import time\nwhile 1:\n print('.', end='', flush=True)\n time.sleep(0.02)"

    async def main_() -> tuple[int, int, int, int | None]:
        children = {name: Child(name, [sys.executable, "-c", code], tmp_path / name) for name in ("a", "b")}
        for child in children.values():
            await child.start()
        while not all(child.log.stat().st_size for child in children.values()):
            await asyncio.sleep(0.02)
        blows = (Blow(0, STOP, "a", 500), Blow(100, KILL, "b"))
        striking = asyncio.create_task(strike(blows, children, {}))
        await asyncio.sleep(0.2)
        still = children["a"].log.stat().st_size
        await asyncio.sleep(0.15)
        later = children["a"].log.stat().st_size
        await striking
        while children["a"].log.stat().st_size == later:
            await asyncio.sleep(0.02)
        after = children["a"].log.stat().st_size
        dead = children["b"].process
        assert dead is not None
        ended = await dead.wait()
        for child in children.values():
            await child.stop()
        return still, later, after, ended

    began = time.monotonic()
    still, later, after, ended = asyncio.run(main_())
    assert still == later < after
    assert ended == -9
    assert time.monotonic() - began < 10


def test_a_round_that_does_not_hold_is_told_kept_and_fails_the_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    @asynccontextmanager
    async def nothing_up(wish: object, told: object) -> AsyncIterator[None]:
        yield

    async def business(up: object, wanted: soak.Wanted, blows: object) -> tuple[None, list[str]]:
        if wanted.customers == 9:
            raise Restless("1 webhooks or jobs of stripe")
        return None, [] if wanted.customers == 6 else ["I-05: lost"]

    monkeypatch.setattr(soak, "deployed", nothing_up)
    monkeypatch.setattr(soak, "_business", business)
    out = ["--out", str(tmp_path), "--model", "batch", "--rounds", "2", "--seed", "5"]
    assert main(out) == 0
    assert "2 of 2 rounds held" in capsys.readouterr().out
    assert not list(tmp_path.iterdir())
    for customers, why in ((7, "I-05: lost"), (9, "Restless: 1 webhooks or jobs of stripe")):
        assert main([*out, "--customers", str(customers)]) == 1
        said = capsys.readouterr().out
        assert f"NOT HELD: {why}" in said
        assert f"--model batch --seed 6 --rounds 1 --workers 1 --customers {customers}" in said
        assert why in (tmp_path / "batch-sqlite-6" / "soak.txt").read_text()


@pytest.mark.parametrize(
    "arguments",
    [["--model", "direct"], ["--store", "sqlite:/x", "--rounds", "2"], ["--store", "x", "--servers"]],
)
def test_a_wrong_wish_ends_with_3(arguments: list[str]) -> None:
    assert main(arguments) == 3
