"""Cases of the topic commitment_prepaid, told apart by what their inputs are about."""

from __future__ import annotations

from typing import Any

from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics import commitment_periods, prepaid_grants, prepaid_wallets, progressive_bills
from scenarios.oracle.topics.understanding import understood

_KINDS = (
    (("threshold", "thresholds", "usage_thresholds", "recurring_threshold"), progressive_bills.answer),
    (("unit_prices", "steps"), prepaid_wallets.answer),
    (
        ("commitment", "minimum_commitment", "min_commitment", "minimum", "commitment_amount"),
        commitment_periods.answer,
    ),
    (("maximum_spend", "max_spend", "spend_cap", "cap", "maximum"), commitment_periods.capped_spend),
    (("included", "included_units", "included_quantity"), commitment_periods.included_units),
    (
        (
            "grants",
            "credit_balance",
            "credits",
            "balance",
            "wallet",
            "bought",
            "purchased",
            "granted",
            "prepaid",
            "promotional_credit",
            "promotional_credits",
            "paid_credit",
            "paid_credits",
        ),
        prepaid_grants.answer,
    ),
)


@understood
def answer(case: Case) -> Any:
    """NotOffered where the product does not have the convention."""
    for keys, worked in _KINDS:
        if any(key in case.inputs for key in keys):
            return worked(case)
    raise NotOffered(
        f"inputs {sorted(case.inputs)}: no commitment, threshold, wallet, grant or maximum among them"
    )
