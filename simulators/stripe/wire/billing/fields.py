"""Kinds of fields that billing's forms share."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic_core import PydanticCustomError

from simulators.stripe.wire.forms import Flag, Text, Whole, Word, _in_order, _unset

STRICT = ConfigDict(extra="forbid", frozen=True)


def _decimal(value: Any) -> Any:
    if value == "":
        raise PydanticCustomError("parameter_invalid_empty", "")
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > 15:
        raise PydanticCustomError("invalid", "Invalid decimal: {value}", {"value": str(value)})
    return number


def _none_or_list(value: Any) -> Any:
    return None if value == "" else _in_order(value)


def _anchor(value: Any) -> Any:
    """Both {"type": "now"}, as of this version, and the plain word of versions before."""
    return value if isinstance(value, dict) else {"type": value}


def _not_negative(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("-"):
        text = "This value must be greater than or equal to 0."
        raise PydanticCustomError("parameter_invalid_integer", text)
    return value


Number = Annotated[Decimal, BeforeValidator(_decimal)]
# A whole number, not below zero.
Count = Annotated[Whole, BeforeValidator(_not_negative)]
# Ids; "" takes them all away.
Ids = Annotated[tuple[str, ...] | None, BeforeValidator(_none_or_list)]
Behavior = Literal["exclusive", "inclusive", "unspecified"]
Interval = Literal["day", "month", "week", "year"]
Collecting = Literal["charge_automatically", "send_invoice"]
Prorating = Literal["always_invoice", "create_prorations", "none"]
Paying = Literal["allow_incomplete", "default_incomplete", "error_if_incomplete", "pending_if_incomplete"]
# The "metadata" of a part of a form.
Tags = dict[str, str] | None


class Part(BaseModel):
    """A part of a form."""

    model_config = STRICT


class Reduction(Part):
    """One discount: exactly one of the three."""

    coupon: Word = ""
    discount: Word = ""
    promotion_code: Word = ""


Reductions = Annotated[tuple[Reduction, ...] | None, BeforeValidator(_none_or_list)]


class Span(Part):
    """Unix seconds."""

    start: Whole
    end: Whole


class Pricing(Part):
    """price: an existing one."""

    price: Word


class PriceData(Part):
    """A price made for this one use."""

    currency: Word
    product: Word = ""
    product_data: dict[str, Any] | None = None
    tax_behavior: Behavior = "unspecified"
    unit_amount: Whole | None = None
    unit_amount_decimal: Number | None = None


class RecurringData(Part):
    """How often a price made on the fly is billed."""

    interval: Interval
    interval_count: Whole = 1


class RecurringPriceData(PriceData):
    """A recurring price made for one subscription."""

    recurring: RecurringData


class AutomaticTax(Part):
    """enabled: refused, as in any account without a head office address."""

    enabled: Flag
    liability: dict[str, Any] | None = None


class Anchor(Part):
    """When periods are counted from."""

    type: Literal["now", "unchanged", "timestamp"]
    timestamp: Whole | None = None


AnchorField = Annotated[Anchor, BeforeValidator(_anchor)]


class CustomField(Part):
    """Printed on an invoice."""

    name: Word
    value: Word


CustomFields = Annotated[tuple[CustomField, ...] | None, BeforeValidator(_none_or_list)]
Unsettable = Annotated[Whole | None, BeforeValidator(_unset)]
TextOrNone = Text
