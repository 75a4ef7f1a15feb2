"""Write-offs and recoveries told by their parts, without a service: entries and allowance."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from core.finance.cash import bad_debt, disputes, refunds
from core.finance.cash.bad_debt import Method, Relief, WriteOffPolicy
from core.finance.cash.shares import Shares
from core.finance.exact import exactly
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics.cash_reading import Unit, first, is_journal, journal, rows_of, unit_of

_PARTS = (
    "recognised",
    "recognized",
    "delivered",
    "net",
    "undelivered",
    "unrecognised",
    "unrecognized",
    "tax",
)


def reads(inputs: Mapping[str, Any]) -> bool:
    """Whether the inputs are told by parts, or are aged receivables with rates."""
    return (
        any(key.startswith(_PARTS) for key in inputs)
        or "buckets" in inputs
        or "allowance" in inputs
        or "written_off" in inputs
    )


def answer(case: Case) -> Any:
    """Each journal by the word in its name; the allowance where it is asked for."""
    unit = unit_of(case)
    shares = _shares(case.inputs, unit)
    said = f"{case.convention} {case.subtopic}".lower()
    said += f" {case.inputs.get('method', '')}".lower()
    method = Method.ALLOWANCE if "allowance" in said and "direct" not in said else Method.DIRECT
    relief = Relief.WITH_WRITE_OFF if re.search(r"with (tax )?relief|relieved", said) else Relief.NONE
    policy = WriteOffPolicy(method, relief)
    return _walk(case.wanted, "", case, unit, (shares, policy))


def _walk(wanted: Any, name: str, case: Case, unit: Unit, terms: tuple[Shares, WriteOffPolicy]) -> Any:
    if is_journal(wanted):
        return journal(_entry(name, case, unit, terms), wanted, unit)
    if isinstance(wanted, Mapping):
        return {key: _walk(value, f"{name} {key}", case, unit, terms) for key, value in wanted.items()}
    buckets = [unit.money(each, "buckets") for each in _column(case.inputs, "buckets", "amount", "open")]
    rates = [
        exactly(each, "rates") / 100 for each in _column(case.inputs, "rates_pct", "rate_pct", "loss_pct")
    ]
    if not buckets or len(buckets) != len(rates):
        raise NotOffered(f"{name.strip()}: aged receivables need a rate each")
    needed = bad_debt.required(buckets, rates).minor
    before = unit.minor(first(case.inputs, "allowance", "opening_allowance", "balance") or 0, "allowance")
    return unit.major(needed - before if re.search(r"change|expense|entry|adjust", name) else needed)


def _entry(name: str, case: Case, unit: Unit, terms: tuple[Shares, WriteOffPolicy]) -> Any:
    shares, policy = terms
    if re.search(r"recover|paid", name):
        _all_of_it(case.inputs, shares, unit)
        return bad_debt.recovered(shares, unit.currency, policy)
    if "refund" in name:
        return refunds.granted(shares, unit.currency)
    if "lost" in name or "dispute" in name:
        relieved = policy.relief is Relief.WITH_WRITE_OFF
        tax = disputes.LostTax.RELIEVED if relieved else disputes.LostTax.LOST
        contra = "contra" in case.convention.lower()
        loss = disputes.LossAs.CONTRA_REVENUE if contra else disputes.LossAs.EXPENSE
        return disputes.lost(shares, unit.currency, disputes.DisputePolicy(loss, tax))
    if re.search(r"reinstat|collect|receipt", name):
        raise NotOffered(f"{name.strip()}: a recovery is one entry here, not one for each of its two halves")
    return bad_debt.written_off(shares, unit.currency, policy)


def _all_of_it(inputs: Mapping[str, Any], shares: Shares, unit: Unit) -> None:
    """NotOffered where only a part came back: which of net and tax it pays is not said."""
    back = first(inputs, "recovered", "recovery", "paid", "collected")
    gross = shares.total
    if back is not None and not isinstance(back, Mapping | bool) and unit.minor(back, "recovered") != gross:
        raise NotOffered("recovered: a part of what was written off; how it is shared is not said")


def _shares(inputs: Mapping[str, Any], unit: Unit) -> Shares:
    def part(*names: str) -> int:
        return unit.minor(first(inputs, *names) or 0, names[0])

    delivered = part("recognised", "recognized", "recognised_net", "delivered", "delivered_net", "net")
    late = part(
        "undelivered", "unrecognised", "unrecognized", "unrecognised_net", "undelivered_net", "deferred"
    )
    tax = part("tax")
    if not delivered and not late:
        gross = first(inputs, "receivable", "gross", "invoice", "open", "amount", "written_off")
        if gross is None:
            raise NotOffered(f"parts: inputs {sorted(inputs)} name no amount that was open")
        delivered = unit.minor(gross, "receivable") - tax
    return Shares(delivered, late, tax)


def _column(inputs: Mapping[str, Any], *names: str) -> list[Any]:
    rows = rows_of(first(inputs, names[0], "buckets", "aging"))
    return [first(row, *names[1:], names[0]) if isinstance(row, Mapping) else row for row in rows]
