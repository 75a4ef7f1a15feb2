"""Every topic by name."""

from __future__ import annotations

from scenarios.oracle.judge import Adapter
from scenarios.oracle.topics import (
    aging_dso,
    co_termination,
    commitment_prepaid,
    contract_modification,
    coupons_discounts,
    credit_notes,
    deferral,
    dunning,
    fx,
    payout_reconciliation,
    processor_journals,
    proration,
    refunds_disputes_bad_debt,
    saas_metrics,
    ssp_allocation,
    tax_nexus,
    tax_rounding,
    unbilled_contract_asset,
    usage_rating,
)
from scenarios.oracle.topics.understanding import complete

_ADAPTERS: dict[str, Adapter] = {
    "aging_dso": aging_dso.answer,
    "co_termination": co_termination.answer,
    "commitment_prepaid": commitment_prepaid.answer,
    "contract_modification": contract_modification.answer,
    "coupons_discounts": coupons_discounts.answer,
    "credit_notes": credit_notes.answer,
    "deferral": deferral.answer,
    "dunning": dunning.answer,
    "fx": fx.answer,
    "payout_reconciliation": payout_reconciliation.answer,
    "processor_journals": processor_journals.answer,
    "proration": proration.answer,
    "refunds_disputes_bad_debt": refunds_disputes_bad_debt.answer,
    "saas_metrics": saas_metrics.answer,
    "ssp_allocation": ssp_allocation.answer,
    "tax_nexus": tax_nexus.answer,
    "tax_rounding": tax_rounding.answer,
    "unbilled_contract_asset": unbilled_contract_asset.answer,
    "usage_rating": usage_rating.answer,
}

TOPICS: dict[str, Adapter] = {topic: complete(answer) for topic, answer in _ADAPTERS.items()}
