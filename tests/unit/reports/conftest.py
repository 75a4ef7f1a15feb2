"""A realistic record: five models, two of them broken, for the tests of the reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from reports.record import (
    Amount,
    FaultFired,
    FaultPlanned,
    LagResult,
    LawResult,
    ModelResult,
    OpenSample,
    ParkedItem,
    Record,
    SystemCalls,
    WitnessResult,
)

LAWS = (
    ("I-01", "One non-void invoice for each active subscription and period"),
    ("I-02", "Each finalized invoice has exactly one equal ERP invoice"),
    ("I-03", "No ERP invoice, receipt or tax document without its billing object"),
    ("I-04", "Captures less refunds and lost disputes never exceed the invoice"),
    ("I-06", "Each capture has exactly one cash receipt; fees are posted once"),
    ("I-07", "Each refund has one credit note and one ERP credit memo"),
    ("I-08", "Each taxable invoice has exactly one committed tax document"),
    ("I-09", "Lines add up to the net; tax agrees in billing, tax engine and ERP"),
    ("I-11", "Every journal balances; the trial balance is zero"),
    ("I-12", "AR sub-ledger equals its control account and the open invoices"),
    ("I-14", "A closed period never changes"),
    ("I-17", "Accounts and customers match one to one across the systems"),
    ("I-18", "Status agrees in CRM, billing and ERP"),
    ("I-21", "No acknowledged operation is lost"),
    ("I-25", "No newer version is replaced by an older one"),
    ("I-31", "Received = applied + deduplicated + rejected + parked"),
    ("I-37", "The books converge in bounded time after the heal"),
    ("I-47", "Realised gain and loss explains every difference of exchange"),
)
FAULTS = (
    FaultPlanned(fault="lost_answer", says="The ERP posts, and the answer is lost on its way back"),
    FaultPlanned(fault="duplicate_webhook", says="Stripe delivers one event three times, up to 6 h apart"),
    FaultPlanned(fault="stale_event", says="An older subscription version arrives after the newer one"),
    FaultPlanned(fault="erp_outage", says="NetSuite is down for 4 h at month end"),
    FaultPlanned(fault="quota", says="Salesforce's daily quota is spent by another app at noon"),
)
STORY = (
    "2026-03-31 23:41:07  billing     INV-00317 finalized, EUR 1,188.00",
    "2026-03-31 23:41:09  core        ← webhook invoice_finalized evt_8c1f",
    "2026-03-31 23:41:09  core        → ERP create invoice INV-00317",
    "2026-03-31 23:41:11  ERP         posted invoice 40117, EUR 1,188.00",
    "2026-03-31 23:41:11  network     FAULT lost_answer: 201 never arrives",
    "2026-03-31 23:41:41  core        time-out after 30 s, outcome unknown",
    "2026-03-31 23:41:43  core        → ERP create invoice INV-00317, again, without a key",
    "2026-03-31 23:41:44  ERP         posted invoice 40118, EUR 1,188.00",
    "2026-04-30 23:59:59  checker     two ERP invoices for INV-00317",
)
PACE = {
    "direct": (1.4, 9.0, 41.0, 18.2),
    "orchestrated": (4.8, 31.0, 260.0, 24.6),
    "event_driven": (2.1, 14.5, 133.0, 27.3),
    "batch": (43_200.0, 84_600.0, 171_000.0, 6.4),
    "hybrid": (2.6, 18.0, 121.0, 22.1),
}
SHARES = (("salesforce", 0.27), ("zuora", 0.25), ("avatax", 0.12), ("stripe", 0.14), ("netsuite", 0.22))
BROKEN = {"direct": ("I-02", "I-06", "I-12", "I-18", "I-21"), "event_driven": ("I-25",)}
CONVERGE = {"orchestrated": 5_400.0, "batch": 93_600.0, "hybrid": 2_280.0}


@pytest.fixture
def make_record() -> Callable[..., Record]:
    return record


@pytest.fixture
def sample() -> Record:
    return record()


@pytest.fixture
def stopped() -> Record:
    return partial()


def record(seeds: tuple[int, ...] = (7,), models: tuple[str, ...] = tuple(PACE)) -> Record:
    """The comparison as `tieout compare` would leave it."""
    return Record(
        tool_version="0.1.0",
        command="tieout compare --profile mid-market --months 12 --seeds " + ",".join(map(str, seeds)),
        token="TO1-7-mid-market-12-a41f",
        profile="Mid-market company",
        customers=300,
        months=12,
        seeds=seeds,
        faults=FAULTS,
        started_unix_s=1_775_000_000.0,
        ended_unix_s=1_775_000_164.5,
        required_models=("hybrid",),
        models=tuple(result(model, seed) for model in models for seed in seeds),
        notes=("Lag is measured from the vendor's own time of the fact to the ERP's time of posting.",),
        not_modelled=(
            "Licence prices of middleware and of the vendors.",
            "The effort to build and run each model.",
        ),
    )


def result(model: str, seed: int) -> ModelResult:
    broken = BROKEN.get(model, ())
    sway = 1 + (seed % 5) / 50
    bad = len(broken)
    return ModelResult(
        model=model,
        seed=seed,
        token=f"TO1-{seed}-{model}",
        replay=f"tieout replay TO1-{seed}-{model}",
        laws=tuple(_law(law, title, model, seed) for law, title in LAWS),
        lost=3 * bad if model == "direct" else 0,
        duplicated=4 if model == "direct" else 0,
        orphaned=0,
        wrong_amount=2 * bad,
        money_effects=(Amount(minor=475_200, currency="EUR"), Amount(minor=-90_000, currency="USD"))
        if bad
        else (),
        lags=(_lag("event_to_erp", model, sway), _lag("payment_to_erp", model, sway * 1.4)),
        systems=tuple(_calls(system, PACE[model][3] * share * sway) for system, share in SHARES),
        converge_seconds=CONVERGE.get(model),
        parked=_parked(model),
        faults_fired=tuple(
            FaultFired(fault=fault.fault, count=0 if model == "batch" and at == 1 else 11 * at + seed)
            for at, fault in enumerate(FAULTS)
        ),
        repairs=14 if model == "hybrid" else 0,
        lifecycles=300,
        events=184_220,
        log_hash="9f2c4d7be01a55c3" * 4,
        cpu_seconds=27.4,
        virtual_seconds=31_536_000.0,
        open_after_heal=_open(model),
    )


def partial() -> Record:
    """What Ctrl-C leaves."""
    whole = record(models=("direct", "orchestrated"))
    return replace(whole, partial=True, partial_reason="Stopped by Ctrl-C after 2 of 5 models.")


def _law(law: str, title: str, model: str, seed: int) -> LawResult:
    if law in BROKEN.get(model, ()):
        return LawResult(
            id=law,
            title=title,
            state="broken",
            examined=3_412,
            witnesses=tuple(_witness(law, model, seed, at) for at in range(2)),
        )
    if law == "I-47":
        return LawResult(
            id=law, title=title, state="holds", examined=0, note="no invoice in a foreign currency"
        )
    if law == "I-14" and model == "batch":
        return LawResult(id=law, title=title, state="undecided", examined=0, note="the close was not reached")
    return LawResult(id=law, title=title, state="holds", examined=3_412)


def _witness(law: str, model: str, seed: int, at: int) -> WitnessResult:
    return WitnessResult(
        kind="duplicated" if at == 0 else "wrong_amount",
        says=f"ERP holds two invoices for INV-0031{at} & <one> fact",
        subjects=(f"INV-0031{at}", "S-00094"),
        story=STORY,
        replay=f"tieout replay TO1-{seed}-{model} --law {law} --only INV-0031{at}",
        amount=Amount(minor=118_800, currency="EUR"),
    )


def _lag(flow: str, model: str, sway: float) -> LagResult:
    p50, p95, p99, _ = (value * sway for value in PACE[model])
    return LagResult(flow=flow, count=3_412, p50_s=p50, p95_s=p95, p99_s=p99, max_s=p99 * 2.5)


def _calls(system: str, per_lifecycle: float) -> SystemCalls:
    calls = round(per_lifecycle * 300)
    return SystemCalls(system=system, calls=calls, per_lifecycle=per_lifecycle, ok=calls - 9, fail=6, info=3)


def _parked(model: str) -> tuple[ParkedItem, ...]:
    if model not in ("orchestrated", "hybrid"):
        return ()
    cause = "The ERP refuses the posting: period 2026-03 is closed"
    items = [ParkedItem(key="INV-00871", flow="invoice_posting", cause=cause, owner="Finance operations")]
    if model == "orchestrated":
        cause = "No tax code for jurisdiction US-NM"
        items.append(ParkedItem(key="Q-00412", flow="order_sync", cause=cause, owner="Tax"))
    return tuple(items)


def _open(model: str) -> tuple[OpenSample, ...]:
    end = CONVERGE.get(model, 90_000.0)
    last = 17 if model in BROKEN else 0
    counts = (96, 71, 40, 22, last)
    return tuple(OpenSample(after_heal_s=end * at / 4, open=count) for at, count in enumerate(counts))
