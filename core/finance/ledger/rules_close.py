"""Posting rules of currencies, tax, marketplace, commissions, entities and closing: P44 to P55."""

from __future__ import annotations

from core.finance.ledger.chart import (
    AMORTISATION,
    BANK,
    CLEARING,
    COMMISSIONS,
    CONTRA_REVENUE,
    CONTRACT_COSTS,
    CREDIT_BALANCE,
    DUE_FROM,
    DUE_TO,
    FEE_REVENUE,
    FEES,
    INPUT_TAX,
    INTERCOMPANY_COST,
    REALISED,
    RECEIVABLE,
    REFUND_LIABILITY,
    REVENUE,
    ROUNDING,
    TAX,
    UNREALISED,
    UNRECOVERED_TAX,
)
from core.finance.ledger.fact import Cash, Kind
from core.finance.ledger.policy import Fees as FeesShown
from core.finance.ledger.rule import CASH, ITEM, Leg, Rule, Side

RULES = (
    Rule(
        Kind.SETTLED_AT_OTHER_RATE,
        "FX realised on settlement",
        (Leg(REALISED, ITEM, "loss"), Leg(ITEM, REALISED, "gain")),
    ),
    Rule(
        Kind.REVALUED,
        "FX revaluation at close",
        (Leg(ITEM, UNREALISED, "gain"), Leg(UNREALISED, ITEM, "loss")),
    ),
    Rule(
        Kind.TAX_REMITTED,
        "Tax remittance",
        (Leg(TAX, CASH, "filed"), Leg(TAX, ROUNDING, "rounding", signed=True)),
        cash=Cash.BANK,
    ),
    Rule(
        Kind.TAX_ASSESSED,
        "Tax not charged but owed",
        (Leg(UNRECOVERED_TAX, TAX, "assessed"), Leg(RECEIVABLE, UNRECOVERED_TAX, "billed_later")),
    ),
    Rule(Kind.TAX_WITHHELD, "Customer withholds tax", (Leg(INPUT_TAX, RECEIVABLE, "withheld"),)),
    Rule(
        Kind.APPLICATION_FEE,
        "Application fee",
        (
            Leg(CLEARING, FEE_REVENUE, "fee"),
            Leg(FEES, CLEARING, "processing_fee", (FeesShown.GROSS,)),
            Leg(FEE_REVENUE, CLEARING, "processing_fee", (FeesShown.NET,)),
        ),
    ),
    Rule(
        Kind.COMMISSION,
        "Commission on a new contract",
        (
            Leg(CONTRACT_COSTS, COMMISSIONS, "commission"),
            Leg(AMORTISATION, CONTRACT_COSTS, "amortisation"),
            Leg(COMMISSIONS, CONTRACT_COSTS, "clawback"),
        ),
    ),
    Rule(
        Kind.INTERCOMPANY_SERVICE,
        "Sale by one entity, service by another",
        (
            Leg(INTERCOMPANY_COST, DUE_TO, "transfer_price"),
            Leg(DUE_FROM, REVENUE, "transfer_price", books=Side.OTHER),
        ),
    ),
    Rule(
        Kind.INTERCOMPANY_CASH,
        "Cash received by another entity",
        (
            Leg(BANK, DUE_TO, "amount", books=Side.OTHER),
            Leg(DUE_FROM, RECEIVABLE, "amount"),
        ),
    ),
    Rule(
        Kind.VARIABLE_CONSIDERATION,
        "Expected refunds, service credits, retrospective discounts",
        (
            Leg(CONTRA_REVENUE, REFUND_LIABILITY, "estimate", signed=True),
            Leg(REFUND_LIABILITY, CREDIT_BALANCE, "actual"),
        ),
    ),
    Rule(
        Kind.ROUNDING_DIFFERENCE,
        "Rounding difference",
        (Leg(ROUNDING, RECEIVABLE, "difference", signed=True),),
        needs=("month_so_far",),
    ),
    Rule(Kind.LATE_CORRECTION, "Correction of a closed period"),
)
