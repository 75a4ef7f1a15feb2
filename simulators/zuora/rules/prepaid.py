"""Prepaid with drawdown: what a catalogue charge says of it, its funds, and what is drawn from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from simulators.zuora.rules.refusal import INVALID, MISSING, UNSUPPORTED, Refused, one_of

TOPUP, DRAWDOWN = "topup", "drawdown"
# Months of a validity period; 0: the term of the subscription (SDK ValidityPeriodType).
VALIDITY: Mapping[str, int] = {
    "MONTH": 1,
    "QUARTER": 3,
    "SEMI_ANNUAL": 6,
    "ANNUAL": 12,
    "SUBSCRIPTION_TERM": 0,
}
SUBSCRIPTION_SCOPE, ACCOUNT_SCOPE, PLAN_SCOPE = "SUBSCRIPTION", "ACCOUNT", "RATEPLAN"
_SCOPES = (SUBSCRIPTION_SCOPE, ACCOUNT_SCOPE, PLAN_SCOPE)


@dataclass(frozen=True, slots=True)
class Prepaid:
    """Of a topup: how many `unit`s one of the charge brings, and for how many months. Of a drawdown: how
    many of the fund's `unit` one of its own takes (rate)."""

    operation: str
    unit: str
    quantity: Decimal = Decimal(0)
    months: int = 0
    rate: Decimal = Decimal(1)
    scope: str = SUBSCRIPTION_SCOPE


@dataclass(slots=True)
class Draw:
    """What one usage record took: fund units, and how much of the usage that covers."""

    fund: Fund
    reading: str
    charge: str
    on: date
    quantity: Decimal
    covered: Decimal
    unit: str
    rate: Decimal
    created_at: int

    def undo(self) -> None:
        """Give it back to the fund."""
        self.fund.draws = [other for other in self.fund.draws if other is not self]


@dataclass(slots=True)
class Fund:
    """The units of one validity period [start, end) of a topup charge, and what was drawn of them."""

    id: str
    charge: str
    start: date
    end: date | None
    unit: str
    total: Decimal
    segment: int
    draws: list[Draw] = field(default_factory=list)

    @property
    def balance(self) -> Decimal:
        """Units that are left."""
        return self.total - sum((draw.quantity for draw in self.draws), Decimal(0))

    def valid_on(self, on: date) -> bool:
        """Whether usage of that day may draw from it."""
        return self.start <= on and (self.end is None or on < self.end)


def balance_of(funds: list[Fund]) -> Decimal:
    """What is left in all of them."""
    return sum((fund.balance for fund in funds), Decimal(0))


def last_day(fund: Fund) -> date | None:
    """The last day on which it is valid."""
    return None if fund.end is None else fund.end - timedelta(days=1)


def prepaid_of(kind: str, unit: str | None, extra: Mapping[str, object]) -> Prepaid | None:
    """Of what a caller gives of a catalogue charge; None where it is no prepayment.

    Refused where something required is missing, or asks for what this tenant does not have.
    """
    if extra.get("ChargeFunction") in ("CommitmentTrueUp", "CreditCommitment", "DrawdownAndCreditCommitment"):
        message = f"ChargeFunction '{extra['ChargeFunction']}' is not available in this tenant."
        raise Refused(UNSUPPORTED, message, "ChargeFunction")
    if extra.get("IsPrepaid") is not True:
        return None
    operation = str(extra.get("PrepaidOperationType") or "")
    if operation not in (TOPUP, DRAWDOWN):
        raise one_of("PrepaidOperationType", (TOPUP, DRAWDOWN))
    if extra.get("IsRollover") is True:
        raise Refused(UNSUPPORTED, "Rollover is not available in this tenant.", "IsRollover")
    if extra.get("PrepaymentUnitType") == "CURRENCY":
        message = "Prepayment in a currency is not available in this tenant."
        raise Refused(UNSUPPORTED, message, "PrepaymentUnitType")
    if (operation == DRAWDOWN) != (kind == "Usage"):
        message = f"A {operation} charge cannot be of the type {kind}."
        raise Refused(INVALID, message, "PrepaidOperationType")
    return _drawdown(unit, extra) if operation == DRAWDOWN else _topup(extra)


def _topup(extra: Mapping[str, object]) -> Prepaid:
    quantity = _number(extra, "PrepaidQuantity")
    if quantity is None:
        raise Refused(MISSING, "PrepaidQuantity is required for a prepayment charge.", "PrepaidQuantity")
    if not extra.get("PrepaidUom"):
        raise Refused(MISSING, "PrepaidUom is required for a prepayment charge.", "PrepaidUom")
    validity = str(extra.get("ValidityPeriodType") or "")
    if validity not in VALIDITY:
        raise one_of("ValidityPeriodType", tuple(VALIDITY))
    scope = str(extra.get("DrawdownScope") or extra.get("CommitmentLevel") or SUBSCRIPTION_SCOPE)
    if scope not in _SCOPES:
        raise one_of("DrawdownScope", _SCOPES)
    return Prepaid(TOPUP, str(extra["PrepaidUom"]), quantity, VALIDITY[validity], scope=scope)


def _drawdown(unit: str | None, extra: Mapping[str, object]) -> Prepaid:
    rate = _number(extra, "DrawdownRate") or Decimal(1)
    named = str(extra.get("DrawdownUom") or unit or "")
    if named != (unit or ""):
        message = f"DrawdownUom '{named}' is not the unit of the charge."
        raise Refused(INVALID, message, "DrawdownUom")
    fund = str(extra.get("PrepaidUom") or named)
    if rate == 1 and extra.get("DrawdownRate") is None and fund != named:
        raise Refused(MISSING, "DrawdownRate is required where the units differ.", "DrawdownRate")
    return Prepaid(DRAWDOWN, fund, rate=rate)


def _number(extra: Mapping[str, object], name: str) -> Decimal | None:
    value = extra.get(name)
    if value is None:
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal(0)
    if not number.is_finite() or number <= 0:
        raise Refused(INVALID, f"{name} must be greater than 0.", name)
    return number
