"""A bill of fees, coupons, prepaid credit and tax, in the stored order of the three."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction

from core.finance.exact import Residual, Rounding, whole
from core.finance.pricing.coupons import Coupon, Couponed, CouponPolicy, Fee, apply_coupons, spread
from core.finance.tax.rounding import Base, Line, Place, TaxedDocument, TaxPolicy, tax_document
from core.finance.tax.taxes import Tax


class ChargeOrder(StrEnum):
    """What lowers the base of tax and what is paid with after tax."""

    ALL_BEFORE_TAX = "all_before_tax"
    ALL_AFTER_TAX = "all_after_tax"
    COUPON_BEFORE_CREDIT_AFTER = "coupon_before_credit_after"


@dataclass(frozen=True, slots=True)
class BillPolicy:
    """The stored switches of a company's bills."""

    order: ChargeOrder = ChargeOrder.COUPON_BEFORE_CREDIT_AFTER
    coupons: CouponPolicy = field(default_factory=CouponPolicy)
    tax: TaxPolicy = field(default_factory=lambda: TaxPolicy(place=Place.DOCUMENT, base=Base.EXACT))


@dataclass(frozen=True, slots=True)
class Bill:
    """Whole minor units. sub_total: fees less what was taken before tax; total: what is to pay.

    coupons: what they took, and from which fee; credit: prepaid credit used; taxed: tax by fee and in all.
    """

    fees: int
    coupons: Couponed
    credit: int
    sub_total: int
    taxed: TaxedDocument
    total: int

    @property
    def tax(self) -> int:
        """Of the whole bill."""
        return self.taxed.tax


def bill(
    fees: Sequence[Fee],
    taxes: Sequence[Sequence[Tax]],
    coupons: Sequence[Coupon],
    credit: int,
    policy: BillPolicy,
) -> Bill:
    """One bill. taxes: a stack a fee. Neither coupons nor credit take more than there is."""
    gross = whole(sum((fee.amount for fee in fees), Fraction(0)))
    if policy.order is ChargeOrder.ALL_AFTER_TAX:
        return _after_tax(fees, taxes, coupons, credit, policy, gross)
    couponed = apply_coupons(fees, coupons, policy.coupons)
    rest = [fee.amount - part for fee, part in zip(fees, couponed.parts, strict=True)]
    used = 0
    if policy.order is ChargeOrder.ALL_BEFORE_TAX:
        used = min(credit, whole(sum(rest, Fraction(0)), Rounding.DOWN))
        parts = spread(used, rest, policy.coupons.spread)
        rest = [each - part for each, part in zip(rest, parts, strict=True)]
    taxed = _tax(fees, rest, taxes, policy)
    sub_total = whole(sum(rest, Fraction(0)))
    total = sub_total + _on_top(taxed, taxes)
    if policy.order is ChargeOrder.COUPON_BEFORE_CREDIT_AFTER:
        used = min(credit, max(total, 0))
        total -= used
    return Bill(gross, couponed, used, sub_total, taxed, total)


def _after_tax(
    fees: Sequence[Fee],
    taxes: Sequence[Sequence[Tax]],
    coupons: Sequence[Coupon],
    credit: int,
    policy: BillPolicy,
    gross: int,
) -> Bill:
    # What is taken off after tax needs lines that add up to the total: no rounding line beside them.
    lines = replace(policy, tax=replace(policy.tax, residual=Residual.LARGEST_REMAINDER))
    taxed = _tax(fees, [fee.amount for fee in fees], taxes, lines)
    with_tax = [
        Fee(fee.key, fee.amount + _on_top_of(line.tax, stack), fee.plan)
        for fee, line, stack in zip(fees, taxed.lines, taxes, strict=True)
    ]
    couponed = apply_coupons(with_tax, coupons, policy.coupons)
    due = gross + _on_top(taxed, taxes) - couponed.taken
    used = min(credit, max(due, 0))
    return Bill(gross, couponed, used, gross, taxed, due - used)


def _tax(
    fees: Sequence[Fee], rest: Sequence[Fraction], taxes: Sequence[Sequence[Tax]], policy: BillPolicy
) -> TaxedDocument:
    lines = [
        Line(fee.key, amount, tuple(stack)) for fee, amount, stack in zip(fees, rest, taxes, strict=True)
    ]
    return tax_document(lines, policy.tax)


def _on_top(taxed: TaxedDocument, taxes: Sequence[Sequence[Tax]]) -> int:
    """The tax that prices do not have in them already."""
    inside = any(tax.included for stack in taxes for tax in stack)
    return (
        taxed.tax
        if not inside
        else sum(_on_top_of(line.tax, stack) for line, stack in zip(taxed.lines, taxes, strict=True))
    )


def _on_top_of(tax: int, stack: Sequence[Tax]) -> int:
    return 0 if any(each.included for each in stack) else tax
