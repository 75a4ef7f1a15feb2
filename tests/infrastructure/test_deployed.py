"""The core as processes: what is killed under load comes back, and the books tie out."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from core.realtime import WallClock
from scenarios.blows import cut_all
from scenarios.deploying import Up, Wish, deployed
from scenarios.evidence.run import Evidence
from scenarios.holding import alone_at
from scenarios.servers import Server, nats, postgres
from scenarios.serving import OPTIONS, Lab, reaching
from scenarios.trading import Trade
from simulators.serve import Plan, ServeError
from tests.servers import fresh_database, started
from tests.unit.core.test_deployment import deployment

# What goes on meanwhile, until it has ended.
Meanwhile = Callable[[], Awaitable[None]]
FREE = Plan(port_base=0, seed="test", options=OPTIONS)


async def business(lab: Lab, customers: int, meanwhile: Meanwhile) -> tuple[Trade, Evidence]:
    """Deals, cards, bills and money, with something else going on all the time."""
    async with reaching(lab.urls, lab.credentials, WallClock()) as hands:
        trade = Trade(lab, hands, datetime.now(UTC).date(), customers)
        await trade.during(meanwhile(), trade.sell())
        await trade.repair()
        await trade.put_cards_on_file()
        await trade.during(meanwhile(), trade.bill(customers))
        await trade.rested()
        return trade, await trade.books()


def all_is_well(done: tuple[Trade, Evidence]) -> None:
    trade, evidence = done
    assert trade.amiss(evidence) == []


def killer(up: Up, *names: str, between: float = 1.5) -> Meanwhile:
    async def meanwhile() -> None:
        for name in names:
            await asyncio.sleep(between)
            up.children[name].kill()

    return meanwhile


@pytest.mark.parametrize(
    ("model", "killed"),
    [
        ("hybrid", ("worker-1", "worker-2", "api", "worker-1")),
        # Nothing asks again for what a killed API was told and had not written down, but its sender.
        ("event_driven", ("worker-1", "worker-2", "worker-1")),
    ],
)
def test_processes_that_are_killed_under_load_on_sqlite(
    model: str, killed: tuple[str, ...], tmp_path: Path
) -> None:
    async def main() -> tuple[tuple[Trade, Evidence], dict[str, int]]:
        async with deployed(Wish(FREE, model, workers=2, data=tmp_path)) as up:
            done = await business(up.lab, 6, killer(up, *killed))
            return done, {name: child.deaths for name, child in up.children.items()}

    done, deaths = asyncio.run(main())
    all_is_well(done)
    assert deaths == {name: 2 * killed.count(name) for name in deaths}


def test_servers_that_are_killed_and_connections_that_are_cut(tmp_path: Path) -> None:
    """kill -9 of PostgreSQL, of NATS and of workers, and every connection to the database cut, under load."""

    async def main(database: Server, bus: Server) -> tuple[Trade, Evidence]:
        url = await fresh_database(database)
        wish = Wish(FREE, "hybrid", 2, url, f"{bus.url}/deployed", tmp_path)
        async with deployed(wish) as up:

            async def meanwhile() -> None:
                for server in (database, bus):
                    await asyncio.sleep(1.0)
                    server.kill()
                    await asyncio.sleep(0.5)
                    await asyncio.to_thread(server.start)
                    with pytest.raises(ServeError, match="in use by another tieout up"):
                        await in_it(url)
                up.children["worker-2"].kill()
                await asyncio.sleep(1.0)
                await cut_all(database)

            done = await business(up.lab, 6, meanwhile)
            assert not up.failed.done()
            return done

    for database in started(postgres):
        for bus in started(nats):
            all_is_well(asyncio.run(main(database, bus)))


async def in_it(url: str) -> None:
    """As a second deployment on the database would be."""
    async with alone_at(url, asyncio.get_running_loop().create_future()):
        pass


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (Wish(FREE, "chaos"), "model: 'chaos' is not one of"),
        (Wish(FREE, "direct", 2), "workers: 2: direct shares nothing among workers"),
        (Wish(FREE, workers=0), "workers: 0 is not from 1 to 64"),
        (Wish(FREE, store="mysql://x"), "store: 'mysql': there are sqlite:PATH or postgresql://"),
        (Wish(FREE, bus="kafka://x"), "bus: 'kafka': there are memory: or nats://"),
        (Wish(FREE, store="sqlite:/x", bus="nats://x/y"), "bus: nats with sqlite"),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_started(wish: Wish, said: str) -> None:
    async def main() -> None:
        async with deployed(wish):
            raise AssertionError("it came up")

    with pytest.raises(ServeError, match=said):
        asyncio.run(main())


def test_a_store_that_is_not_there_is_named_and_no_password_is_told(tmp_path: Path) -> None:
    command = [
        sys.executable, "-m", "scenarios.cli", "up", "--port-base", "0", "--data", str(tmp_path),
        "--store", "postgresql://me:hunter2@127.0.0.1:1/none",
    ]  # fmt: skip
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    written = ended.stdout + ended.stderr + "".join(p.read_text() for p in tmp_path.glob("*.log"))
    assert ended.returncode == 3, written
    assert "127.0.0.1:1" in ended.stderr
    assert "hunter2" not in written
    assert not list(tmp_path.glob("deployment.json"))


def test_ctrl_c_stops_everything_and_calls_no_process_dead(tmp_path: Path) -> None:
    # As a shell starts what it leaves in the background: deaf to Ctrl-C, but for who listens to it.
    deaf = ["sh", "-c", "trap '' INT; exec \"$@\"", "sh"]
    command = [sys.executable, "-m", "scenarios.cli", "up", "--port-base", "0", "--data", str(tmp_path)]
    with subprocess.Popen([*deaf, *command], stdout=subprocess.PIPE, text=True, process_group=0) as up:
        try:
            assert up.stdout is not None
            assert any("Ctrl-C stops everything" in line for line in up.stdout)
            # As a terminal does it, and at once: everybody in the foreground hears it.
            os.killpg(up.pid, signal.SIGINT)
            rest = up.stdout.read()
        except BaseException:
            up.kill()
            raise
    assert rest.split() == ["stopped"]
    assert up.returncode == 0
    # All have closed it, so the last one took everything into the file.
    assert (tmp_path / "core.sqlite3").exists()
    assert not [path.name for path in tmp_path.glob("core.sqlite3-*")]


@pytest.mark.parametrize("role", ["api", "worker"])
def test_a_process_that_is_asked_to_stop_closes_what_it_has_open(role: str, tmp_path: Path) -> None:
    file, store = tmp_path / "deployment.json", tmp_path / "core.sqlite3"
    replace(deployment(), store=f"sqlite:{store}").write(file)
    command = [sys.executable, "-m", "core.process", str(file), "--role", role, "--name", role, "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert '"mappings"' in process.stderr.readline()
        # Its first sign of life is in the log of the store, and not yet in its file.
        wait_for(lambda: store.with_name("core.sqlite3-wal").stat().st_size > 0)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert not store.with_name("core.sqlite3-wal").exists()


def wait_for(true: Callable[[], bool]) -> None:
    for _ in range(200):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("it never was")


def test_every_process_tells_its_metrics_and_the_flows_their_objectives(tmp_path: Path) -> None:
    async def main() -> None:
        async with deployed(Wish(FREE, "orchestrated", workers=2, data=tmp_path)) as up:
            all_is_well(await business(up.lab, 1, nothing))
            token = {"authorization": f"Bearer {up.lab.token}"}
            async with aiohttp.ClientSession() as session:
                texts = {}
                for name, url in up.metrics.items():
                    async with session.get(url, headers=token if name == "api" else {}) as answer:
                        assert answer.status == 200
                        texts[name] = await answer.text()
                async with session.get(up.metrics["api"]) as answer:
                    assert answer.status == 401
                async with session.get(f"{up.lab.core_url}/v1/operations/slos", headers=token) as answer:
                    slos = {each["flow"]: each for each in (await answer.json())["slos"]}
        calls, tasks = 0.0, []
        for name, text in texts.items():
            for family in text_string_to_metric_families(text):
                for sample in family.samples:
                    if sample.name == "tieout_vendor_call_duration_seconds_count":
                        calls += sample.value
                    if sample.name == "tieout_outbox_messages":
                        tasks.append(name)
        # An order, a bill, a payment: dozens of calls, whichever worker made them.
        assert calls > 30
        # What is of the whole deployment is told by one process only.
        assert tasks == ["api"]
        assert slos["order_to_subscription"]["windows"]["60m"] == {"burn_rate": 0.0, "good": 1, "bad": 0}
        assert slos["invoice_to_ledger"]["alarms"] == []

    asyncio.run(main())


def test_a_transaction_is_one_trace_through_all_processes_and_at_the_vendors(tmp_path: Path) -> None:
    async def main() -> list[str]:
        wish = Wish(FREE, "event_driven", workers=2, data=tmp_path, traces=tmp_path / "traces")
        async with deployed(wish) as up:
            # One dies on the way, twice: what others go on with stays in its trace.
            all_is_well(await business(up.lab, 3, killer(up, "worker-1", between=0.5)))
            async with (
                aiohttp.ClientSession() as session,
                session.get(f"{up.lab.urls['zuora']}/_tieout/requests") as answer,
            ):
                seen = (await answer.json())["requests"]
            return [each["headers"]["traceparent"] for each in seen if "traceparent" in each["headers"]]

    told = asyncio.run(main())
    logged(tmp_path, {"api.log", "worker-1.log", "worker-2.log"})
    spans: dict[str, dict[str, dict[str, Any]]] = {}
    processes: dict[str, set[str]] = {}
    for path in (tmp_path / "traces").glob("*.traces.jsonl"):
        for line in path.read_text().splitlines():
            (resource,) = json.loads(line)["resourceSpans"]
            (span,) = resource["scopeSpans"][0]["spans"]
            spans.setdefault(span["traceId"], {})[span["spanId"]] = span
            processes.setdefault(span["traceId"], set()).add(path.name)
    # What a worker was in the middle of when it was killed has no end, and so no line.
    cut = 0
    for found in spans.values():
        assert [span["name"] for span in found.values() if not span["parentSpanId"]] == ["transaction"]
        cut += sum(1 for span in found.values() if span["parentSpanId"] not in {"", *found})
    assert cut <= 2 * 16 * 2
    assert any(len(found) > 1 for found in processes.values())
    # The vendors' parts stand below the calls that asked for them.
    every = [(trace, span) for trace, found in spans.items() for span in found.values()]
    for system in ("salesforce", "zuora", "avatax", "stripe", "netsuite"):
        parts = [(trace, span) for trace, span in every if span["name"].startswith(f"{system} serves")]
        assert sum(span["parentSpanId"] in spans[trace] for trace, span in parts) > len(parts) * 3 // 4 > 0
    assert len(told) > 20
    calls = {f"00-{trace}-{id_}-01" for trace, found in spans.items() for id_ in found}
    assert len(set(told) - calls) <= 2 * 16
    assert len(set(told) & calls) > 20


def logged(folder: Path, names: set[str]) -> None:
    """Every line of these logs is a JSON object, and some belong to transactions."""
    assert names <= {path.name for path in folder.glob("*.log")}
    lines = [json.loads(line) for name in names for line in (folder / name).read_text().splitlines()]
    assert all({"time", "level", "logger", "process", "message"} <= line.keys() for line in lines)
    assert {f"{line['process']}.log" for line in lines} == names
    assert all(line["transaction"] and line["trace"] for line in lines if "trace" in line)
    assert any("trace" in line for line in lines)


async def nothing() -> None:
    pass
