"""Use through the whole lab: every model bills each use once, late ones as a difference, to the cent."""

from __future__ import annotations

from functools import cache

import pytest

from core.assemble import MODELS
from scenarios.checkers.laws import judge
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import BROKEN
from scenarios.faults import Fault, Plan
from scenarios.metrics import facts
from scenarios.metrics.figures import figures
from scenarios.scripted.sales import Cancel, Item, Sign
from scenarios.scripted.script import Party, Script
from scenarios.scripted.usage import UseProduct
from scenarios.spec import Spec, pack
from scenarios.stories.index import STORIES
from scenarios.stories.story import scripted
from scenarios.world.play import play


@cache
def quarter(model: str, faults: str = "none") -> Evidence:
    return play(Spec("usage_quarter", model, "usage_heavy", 10, 3, 1, faults)).evidence


def broken(evidence: Evidence) -> list[tuple[str, str]]:
    return [(v.law, w.says) for v in judge(evidence) if v.state == BROKEN for w in v.witnesses]


@pytest.mark.parametrize("model", MODELS)
def test_every_model_bills_each_use_once(model: str) -> None:
    evidence = quarter(model)
    assert broken(evidence) == []
    told = [use.id for use in evidence.product.usage]
    assert len(told) > len(set(told)) > 80  # some were told twice
    assert len(evidence.billing.usage) == len(set(told))
    assert sum(bool(record.line) for record in evidence.billing.usage) > 40


@pytest.mark.parametrize("model", MODELS)
def test_late_use_is_billed_as_a_difference_with_its_service_month(model: str) -> None:
    evidence = quarter(model)
    metered = {charge.charge for charge in evidence.billing.usage_charges}
    lines = [
        (line.charge, line.start, line.end, invoice.date)
        for invoice in evidence.billing.invoices
        for line in invoice.lines
        if line.charge in metered
    ]
    seen: dict[tuple[str, str], list[str]] = {}
    for charge, start, end, on in lines:
        assert end <= on  # in arrears
        seen.setdefault((charge, start), []).append(on)
    assert any(len(dates) > 1 for dates in seen.values())


def test_use_is_revenue_of_its_own_account_and_no_recurring_revenue() -> None:
    evidence = quarter("hybrid")
    metered = {charge.charge for charge in evidence.billing.usage_charges}
    for currency in facts.currencies(evidence):
        billed = sum(
            line.net
            for invoice in evidence.billing.invoices
            if invoice.currency == currency
            for line in invoice.lines
            if line.charge in metered
        )
        rows = [x for x in evidence.erp.ledger if x.account == "4010" and x.currency == currency]
        assert sum(x.credit - x.debit for x in rows if x.kind == "invoice") == billed
        # What is accrued at a month's end is revenue as much as it is an unbilled receivable.
        accrued = [x for x in evidence.erp.ledger if x.memo.startswith("USE/") and x.currency == currency]
        assert sum(x.debit - x.credit for x in accrued if x.account == "1150") == sum(
            x.credit - x.debit for x in rows if x.kind != "invoice"
        )
        assert {x.account for x in accrued} <= {"1150", "4010"}
        assert all(pair.agrees for pair in figures(evidence, currency).pairs)
    recurring = {
        charge.charge for c in facts.currencies(evidence) for _, charge in facts.recurring(evidence, c)
    }
    assert not recurring & metered


LOST = pack(Plan("lost notices", (Fault("F16", "product", "webhook", rate=0.2),)))


def test_a_lost_notice_is_found_by_the_night_and_by_batch_and_missed_by_direct() -> None:
    assert broken(quarter("hybrid", LOST)) == []
    assert broken(quarter("batch", LOST)) == []
    assert {law for law, _ in broken(quarter("direct", LOST))} == {"I-41"}


def test_the_same_token_is_the_same_run() -> None:
    spec = Spec("usage_quarter", "event_driven", "usage_heavy", 4, 1, 2, "calm")
    assert play(spec).evidence.determinism == play(spec).evidence.determinism


ODD = scripted(
    "odd_usage",
    "Use of a meter that nobody agreed on, and use told after the contract has ended",
    "",
    Script(
        begins="2025-12-10",
        ends="2026-02-10",
        parties=(Party("ACME", "Acme Corporation"), Party("BETA", "Beta Limited")),
        acts=(
            Sign("2025-12-15", "ACME", (Item("TEAM", 1, "29.00"), Item("CALLS", 1)), starts="2026-01-01"),
            Sign("2025-12-16", "BETA", (Item("TEAM", 1, "29.00"), Item("CALLS", 1)), starts="2026-01-01"),
            UseProduct("2026-01-05", "ACME", "USE-A", "gigabytes", "8"),
            UseProduct("2026-01-06", "ACME", "USE-B", "calls", "100"),
            UseProduct("2026-01-10", "BETA", "USE-C", "calls", "100"),
            Cancel("2026-01-18", "BETA", starts="2026-01-20"),
            UseProduct("2026-01-25", "BETA", "USE-D", "calls", "50", used_on="2026-01-19"),
        ),
        expects=(),
    ),
    profile="usage_heavy",
)


@pytest.mark.parametrize("model", MODELS)
def test_odd_use_is_held_and_use_of_an_ended_contract_is_billed(model: str, monkeypatch) -> None:
    monkeypatch.setitem(STORIES, "odd_usage", ODD)
    evidence = play(Spec("odd_usage", model, "usage_heavy", 2, 2, 1, "none"), repeat=False).evidence
    assert broken(evidence) == []
    assert sorted(record.event for record in evidence.billing.usage) == ["USE-B", "USE-C", "USE-D"]
    assert all(record.line for record in evidence.billing.usage)
    if model == "direct":
        refused = [r.reason for r in evidence.receipts if r.channel == "product" and r.outcome == "rejected"]
        assert any("meter: 'gigabytes'" in reason for reason in refused)
    else:
        (held,) = evidence.parked
        assert (held.key, held.owner) == ("usage:ACME:USE-A", "billing operations")
        assert "meter: 'gigabytes' is not in the contract" in held.cause
