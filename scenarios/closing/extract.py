"""The extract of a played run at a month's end, and the forty controls run on it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from core.canonical.money import KNOWN
from core.close.controls.index import CONTROLS
from core.close.engine import Outcome, run
from core.close.extract import Extract, FeeBooking, PayoutBooking, Policies
from scenarios.checkers.lookups import paid_in
from scenarios.closing import (
    accruals,
    allocation,
    bank,
    between,
    billing,
    cash,
    collecting,
    exchange,
    ledger,
    recurring,
    revenue,
    sales,
)
from scenarios.closing.collecting import GRACE_DAYS
from scenarios.closing.frame import frame
from scenarios.closing.transfers import explained
from scenarios.evidence.run import Evidence

# As the core posts it: fees with the payout, payouts when the bank has them.
_POLICIES = Policies(fees=FeeBooking.AT_PAYOUT, payouts=PayoutBooking.AT_ARRIVAL, dun_after=GRACE_DAYS)
# What the laboratory does not keep, and why a control that needs it cannot be run.
ABSENT = {
    "receipts": "customers pay through the processor; no money comes in by bank transfer",
    "grants": "nothing is sold as prepaid credit in this run",
    "loss_rates": "no allowance is kept in the ledger of this run",
    "remaining": "what is still to be earned beyond billing is kept by no second book",
}


def extract_of(evidence: Evidence, month: str) -> Extract:
    """NoSuchMonth if the run has no such month, or has not ended it."""
    evidence = _with_amounts(evidence)
    seen = frame(evidence, month)
    tables: dict[str, Any] = {
        **sales.tables(seen),
        **billing.tables(seen),
        **cash.tables(seen),
        **bank.tables(seen),
        **collecting.tables(seen),
        **ledger.tables(seen),
        **revenue.tables(seen),
        **exchange.tables(seen),
        **between.tables(seen),
        **(accruals.tables(seen) if not billing.unpriced(seen) else {}),
        **recurring.tables(seen),
        **allocation.tables(seen),
    }
    absent = dict(ABSENT)
    if paid_in(evidence):
        del absent["receipts"]
    if not evidence.bank.name:
        absent["bank_lines"] = absent["bank_statements"] = "no bank stands in this run"
    if billing.unpriced(seen):
        absent["prices"] = absent["accruals"] = billing.unpriced(seen)
    return Extract(
        month=month,
        start=seen.start,
        end=seen.end,
        cut_off=seen.cut_off,
        billed_through=seen.end,
        policies=replace(_POLICIES, dun_attempts=evidence.conventions.collection.attempts),
        absent=absent,
        explanations=(
            *revenue.made_good(seen),
            *bank.returned(seen),
            *explained(seen),
            *cash.refunds_owed(seen),
            *(accruals.told_late(seen) if not billing.unpriced(seen) else ()),
        ),
        origin=dict.fromkeys(tables, "books"),
        **{**tables, "ledger": (*tables["ledger"], *exchange.differences(seen))},
    )


def close(extract: Extract) -> tuple[Outcome, ...]:
    """All forty, in order."""
    return tuple(run(control, extract) for control in CONTROLS.values())


def _with_amounts(evidence: Evidence) -> Evidence:
    """Without deals in a currency whose decimals nobody knows: a person finds them in the exception queue;
    without an amount they are no row of a control."""
    deals = tuple(deal for deal in evidence.crm.opportunities if deal.currency in KNOWN)
    return replace(evidence, crm=replace(evidence.crm, opportunities=deals))
