"""The lab in real time: one deal flows through five systems over HTTP, and all stops cleanly."""

from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import aiohttp
import pytest

from core.realtime import WallClock
from scenarios.collecting import LEFT_OUT, collect, judge_books, settle
from scenarios.evidence.run import Evidence
from scenarios.lifecycles.people import Company
from scenarios.lifecycles.sales import Deal, QuoteLine, Sales
from scenarios.lifecycles.wallet import GOOD_CARD, Wallet
from scenarios.serving import OPTIONS, Lab, reaching, read_lab, served
from simulators.roster import VENDORS
from simulators.serve import Plan, ServeError

ACME = Company(
    1, "ACC-1", "Acme", "buyer@acme.test", "A", "B", "1 Main St", "Austin", "TX", "78701", "US", "USD"
)
FREE = Plan(port_base=0, seed="test", options=OPTIONS)
_SERVE = "import sys; from pathlib import Path; from scenarios.serving import serve_command; "


async def one_deal(model: str, face: str) -> Evidence:
    plan = Plan(port_base=0, face=face, seed="test", options=OPTIONS)
    async with served(plan, model=model) as lab, reaching(lab.urls, lab.credentials, WallClock()) as hands:
        today = datetime.now(UTC).date()
        sales = Sales(hands, lab.product_ids)
        await sales.create_account(ACME, "Card")
        line = QuoteLine("TEAM", 5, 0, Decimal(29), 1)
        await sales.win(ACME, Deal("OPP-1", "new", "OPP-1", today, None, (line,)), today)
        await rested(lab)
        assert await Wallet(hands, ACME.email).put_on_file(GOOD_CARD)
        run = {"targetDate": today.isoformat(), "invoiceDate": today.isoformat(), "autoPost": False}
        await hands.call("zuora", "POST", "/v1/bill-runs", json_body=run)
        await rested(lab)
        return await collect(lab, today.isoformat(), await settle(lab, 30))


async def rested(lab: Lab) -> None:
    rest = await settle(lab, 30)
    assert rest.quiescent, rest.pending


@pytest.mark.parametrize(("model", "face"), [("hybrid", "fastapi"), ("direct", "lean")])
def test_a_won_deal_becomes_money_in_the_ledger(model: str, face: str) -> None:
    evidence = asyncio.run(one_deal(model, face))
    assert [s.status for s in evidence.billing.subscriptions] == ["Active"]
    (invoice,) = evidence.billing.invoices
    (posted,) = evidence.erp.invoices
    assert (posted.external, posted.total, posted.status) == (invoice.number, invoice.total, "Paid In Full")
    assert [c.status for c in evidence.payments.charges] == ["succeeded"]
    assert [m.status for m in evidence.crm.invoices] == ["Paid"]
    assert not evidence.parked
    judged = judge_books(evidence)
    assert not judged.broken
    assert {v.law for v in judged.verdicts if v.state == "holds"} >= {"I-01", "I-02", "I-05", "I-11", "I-12"}
    assert not {v.law for v in judged.verdicts} & set(LEFT_OUT)


def test_operators_need_the_token() -> None:
    async def ask() -> list[int]:
        async with served(FREE, token="right") as lab, aiohttp.ClientSession() as session:
            found = []
            for path, given in (
                ("/healthz", ""), ("/readyz", ""), ("/v1/operations/pending", ""),
                ("/v1/operations/pending", "wrong"), ("/v1/operations/pending", "right"),
                ("/v1/operations/counters", "right"), ("/v1/operations/parked", "right"),
            ):  # fmt: skip
                headers = {"authorization": f"Bearer {given}"} if given else {}
                async with session.get(lab.core_url + path, headers=headers) as answer:
                    found.append(answer.status)
            headers = {"authorization": "Bearer right"}
            for path in ("redrive", "jobs/reconciliation", "jobs/nonsense"):
                url = f"{lab.core_url}/v1/operations/{path}"
                async with session.post(url, headers=headers) as answer:
                    found.append(answer.status)
            async with session.post(f"{lab.core_url}/webhooks/stripe", data=b"{}") as answer:
                found.append(answer.status)
            return found

    assert asyncio.run(ask()) == [200, 200, 401, 401, 200, 200, 200, 200, 200, 404, 401]


def test_some_mocks_are_served_without_a_core() -> None:
    async def ask() -> tuple[Lab, int]:
        async with (
            served(Plan(("stripe",), port_base=0)) as lab,
            aiohttp.ClientSession() as session,
            session.get(f"{lab.urls['stripe']}/docs") as answer,
        ):
            return lab, answer.status

    lab, status = asyncio.run(ask())
    assert (list(lab.urls), lab.core_url, status) == (["stripe"], "", 200)


@pytest.mark.parametrize(
    ("plan", "model", "said"),
    [
        (Plan(("paypal",)), "hybrid", "unknown: paypal; there are: stripe"),
        (Plan(("stripe",), port_base=0, face="poker"), "hybrid", "face: 'poker'"),
        (Plan(("stripe",), port_base=0), "chaos", "model: 'chaos'"),
    ],
)
def test_a_wrong_wish_is_named(plan: Plan, model: str, said: str) -> None:
    async def begin() -> None:
        async with served(plan, model=model):
            raise AssertionError("it began")

    with pytest.raises(ServeError, match=said):
        asyncio.run(begin())


def test_a_port_in_use_ends_with_3_and_a_hint() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = subprocess.run(
            [sys.executable, "-c", f"{_SERVE}serve_command(['zuora'], '127.0.0.1', {port}, 'hybrid', None)"],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert ended.returncode == 3
    assert f"zuora: port {port} on 127.0.0.1 is in use" in ended.stderr
    assert "--port-base" in ended.stderr


def test_sigterm_stops_everything(tmp_path: Path) -> None:
    lab_file = tmp_path / "lab.json"
    call = "serve_command([], '127.0.0.1', 0, 'hybrid', Path(sys.argv[1]), lab_file=Path(sys.argv[2]))"
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVE + call, str(tmp_path / "data"), str(lab_file)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        while not lab_file.exists() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        lab = read_lab(lab_file)
        assert lab_file.stat().st_mode & 0o077 == 0
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 0, said
    assert said.rstrip().endswith("stopped")
    assert "Traceback" not in said
    assert all(url in said for url in [*lab.urls.values(), lab.core_url])
    assert set(lab.urls) == set(VENDORS)
    assert list((tmp_path / "data").glob("core-*.sqlite3"))
    port = int(lab.core_url.rpartition(":")[2])
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", port))
