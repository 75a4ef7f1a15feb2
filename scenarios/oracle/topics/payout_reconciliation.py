"""Cases of the topic payout_reconciliation: fees, composition, entries, and bank lines."""

from __future__ import annotations

from typing import Any

from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics import bank_lines, payout_composition, processor_fees


def answer(case: Case) -> Any:
    """NotOffered where the inputs name none of these."""
    inputs = case.inputs
    if processor_fees.reads(inputs):
        return processor_fees.answer(case)
    if bank_lines.reads(inputs):
        return bank_lines.answer(case)
    if payout_composition.reads(inputs):
        return payout_composition.answer(case)
    raise NotOffered(f"{case.subtopic}: inputs {sorted(inputs)} name no fee plan, payout or bank line")
