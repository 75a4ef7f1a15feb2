"""What the paths of previews and subscription schedules take."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from simulators.stripe.wire.billing.contract_params import (
    BillingMode,
    Changes,
    Extras,
    Moment,
    Spell,
    Wishes,
)
from simulators.stripe.wire.billing.fields import (
    AnchorField,
    AutomaticTax,
    Collecting,
    Count,
    Ids,
    Number,
    Part,
    PriceData,
    Prorating,
    Reductions,
    Span,
    Tags,
)
from simulators.stripe.wire.forms import Flag, Form, Metadata, Text, Whole, Word, _in_order
from simulators.stripe.wire.params import Dated


class PreviewItem(Part):
    """An invoice item that would be."""

    amount: Whole | None = None
    currency: Word | None = None
    description: Text = None
    discountable: Flag = True
    discounts: Reductions = None
    metadata: Tags = None
    period: Span | None = None
    price: Word = ""
    price_data: PriceData | None = None
    quantity: Count | None = None
    tax_rates: Ids = None
    unit_amount: Whole | None = None
    unit_amount_decimal: Number | None = None


class PreviewDetails(Part):
    """How the subscription would be."""

    billing_cycle_anchor: AnchorField | None = None
    billing_mode: BillingMode | None = None
    cancel_at: Moment | None = None
    cancel_at_period_end: Flag = False
    cancel_now: Flag = False
    default_tax_rates: Ids = None
    items: Changes = ()
    metadata: Tags = None
    proration_behavior: Prorating = "create_prorations"
    proration_date: Whole | None = None
    start_date: Whole | None = None
    trial_end: Moment | None = None


class PreviewCreate(Form):
    """customer, or subscription."""

    automatic_tax: AutomaticTax | None = None
    currency: Word = ""
    customer: Word = ""
    customer_details: dict[str, Any] | None = None
    discounts: Reductions = None
    invoice_items: Annotated[tuple[PreviewItem, ...], BeforeValidator(_in_order)] = ()
    preview_mode: Literal["next", "recurring"] = "next"
    schedule: Word = ""
    subscription: Word = ""
    subscription_details: PreviewDetails = PreviewDetails()


class PhaseWish(Part):
    """A stretch of a schedule."""

    items: Wishes
    add_invoice_items: Extras = ()
    billing_cycle_anchor: Literal["automatic", "phase_start"] | None = None
    collection_method: Collecting | None = None
    currency: Word | None = None
    default_payment_method: Word | None = None
    default_tax_rates: Ids = None
    description: Text = None
    discounts: Reductions = None
    duration: Spell | None = None
    end_date: Moment | None = None
    start_date: Moment | None = None
    invoice_settings: dict[str, Any] | None = None
    metadata: Tags = None
    proration_behavior: Prorating = "create_prorations"
    trial: Flag = False
    trial_end: Moment | None = None


Phases = Annotated[tuple[PhaseWish, ...], BeforeValidator(_in_order)]


class ScheduleUpdate(Form):
    """phases: all that are to come, and the current one."""

    default_settings: dict[str, Any] | None = None
    end_behavior: Literal["cancel", "none", "release", "renew"] = "release"
    metadata: Metadata = None
    phases: Phases = ()
    proration_behavior: Prorating = "create_prorations"


class ScheduleCreate(ScheduleUpdate):
    """customer and phases, or a subscription to begin with."""

    billing_mode: BillingMode | None = None
    customer: Word = ""
    from_subscription: Word = ""
    start_date: Moment | None = None


class ScheduleList(Dated):
    """Lists of schedules."""

    customer: Word = ""


class ScheduleCancel(Form):
    """As the cancellation of its subscription."""

    invoice_now: Flag = True
    prorate: Flag = True


class ScheduleRelease(Form):
    """preserve_cancel_date: keep the end that the schedule had set."""

    preserve_cancel_date: Flag = False
