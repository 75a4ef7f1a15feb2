"""Cases of the topic commitment_prepaid, told apart by what their inputs are about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics import commitment_periods, prepaid_grants, prepaid_wallets, progressive_bills
from scenarios.oracle.topics.understanding import understood

_MINIMA = ("minimum", "minimum_spend", "min_spend")
_MAXIMA = ("maximum", "maximum_spend", "max_spend")


def _limits_both_ways(inputs: Mapping[str, Any]) -> bool:
    return any(key in inputs for key in _MINIMA) and any(key in inputs for key in _MAXIMA)


_Kind = tuple[tuple[str, ...] | Callable[[Mapping[str, Any]], bool], Callable[[Case], Any]]
_KINDS: tuple[_Kind, ...] = (
    (("threshold", "thresholds", "usage_thresholds", "recurring_threshold"), progressive_bills.answer),
    (("unit_prices", "steps"), prepaid_wallets.answer),
    # Both limits of a spend: what is between them is billed as it is.
    (_limits_both_ways, commitment_periods.limited_spend),
    (
        ("commitment", "minimum_commitment", "min_commitment", "minimum", "commitment_amount"),
        commitment_periods.answer,
    ),
    (("maximum_spend", "max_spend", "spend_cap", "cap", "maximum"), commitment_periods.capped_spend),
    (("included", "included_units", "included_quantity"), commitment_periods.included_units),
    (
        (
            "grants",
            "wallets",
            "credit_grants",
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
        if keys(case.inputs) if callable(keys) else any(key in case.inputs for key in keys):
            return worked(case)
    raise NotOffered(
        f"inputs {sorted(case.inputs)}: no commitment, threshold, wallet, grant or maximum among them"
    )
