"""What the paths of coupons, promotion codes and tax rates take."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from simulators.stripe.wire.billing.fields import Number, Part
from simulators.stripe.wire.forms import Amount, Flag, Form, Many, Metadata, Text, Whole, Word
from simulators.stripe.wire.params import Dated


class CouponCurrency(Part):
    """In one more currency."""

    amount_off: Amount


class AppliesTo(Part):
    """Only to these products."""

    products: Many = ()


class CouponUpdate(Form):
    """Name, metadata, other currencies."""

    currency_options: dict[str, CouponCurrency] = Field(default_factory=dict)
    metadata: Metadata = None
    name: Text = None


class CouponCreate(CouponUpdate):
    """percent_off, or amount_off with currency."""

    id: Word = ""
    amount_off: Amount | None = None
    applies_to: AppliesTo = AppliesTo()
    currency: Word | None = None
    duration: Literal["forever", "once", "repeating"] = "once"
    duration_in_months: Amount | None = None
    max_redemptions: Amount | None = None
    percent_off: Number | None = None
    redeem_by: Whole | None = None


class Promotion(Part):
    """What the code gives."""

    type: Literal["coupon"]
    coupon: Word


class Restrictions(Part):
    """Who may redeem the code."""

    first_time_transaction: Flag = False
    minimum_amount: Amount | None = None
    minimum_amount_currency: Word | None = None
    currency_options: dict[str, Any] = Field(default_factory=dict)


class CodeCreate(Form):
    """code: made up when missing."""

    promotion: Promotion
    active: Flag = True
    code: Word = ""
    customer: Word = ""
    expires_at: Whole | None = None
    max_redemptions: Amount | None = None
    metadata: Metadata = None
    restrictions: Restrictions = Restrictions()


class CodeUpdate(Form):
    """Activity and metadata."""

    active: Flag = True
    metadata: Metadata = None


class CodeList(Dated):
    """Lists of promotion codes."""

    active: Flag | None = None
    code: Word = ""
    coupon: Word = ""
    customer: Word = ""


class RateUpdate(Form):
    """Everything but the percentage."""

    active: Flag = True
    country: Word | None = None
    description: Text = None
    display_name: Word = ""
    jurisdiction: Word | None = None
    metadata: Metadata = None
    state: Word | None = None
    tax_type: Word | None = None


class RateCreate(RateUpdate):
    """percentage: up to 100, four decimals."""

    display_name: Word
    inclusive: Flag
    percentage: Number


class RateList(Dated):
    """Lists of tax rates."""

    active: Flag | None = None
    inclusive: Flag | None = None
