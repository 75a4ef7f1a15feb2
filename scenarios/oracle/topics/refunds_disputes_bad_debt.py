"""Cases of the topic refunds_disputes_bad_debt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics import bad_debt_entries, invoice_lives, settled_accounts


def answer(case: Case) -> Any:
    """NotOffered where the product does not have the convention."""
    inputs = case.inputs
    if any(key in inputs for key in ("service", "service_days", "service_period", "month_days")):
        return invoice_lives.answer(case)
    if any(key in inputs for key in ("events", "invoices", "payments", "steps")) or _pays(inputs):
        return settled_accounts.answer(case)
    if settled_accounts.tells(inputs):
        return settled_accounts.answer(case)
    if bad_debt_entries.reads(inputs):
        return bad_debt_entries.answer(case)
    if "invoice" in inputs:
        return invoice_lives.answer(case)
    raise NotOffered(f"{case.subtopic}: inputs {sorted(inputs)} name no service, payment or write-off")


def _pays(inputs: Mapping[str, Any]) -> bool:
    return any(isinstance(value, Mapping) and "pay" in value for value in inputs.values())
