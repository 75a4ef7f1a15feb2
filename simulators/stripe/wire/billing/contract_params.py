"""What the paths of subscriptions and their items take."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from simulators.stripe.wire.billing.fields import (
    AnchorField,
    AutomaticTax,
    Collecting,
    Count,
    Ids,
    Interval,
    Part,
    Paying,
    PriceData,
    Prorating,
    RecurringPriceData,
    Reductions,
    Tags,
)
from simulators.stripe.wire.billing.paper_params import Bounded
from simulators.stripe.wire.forms import Amount, Flag, Form, Metadata, Text, Whole, Word, _in_order, _unset
from simulators.stripe.wire.params import Dated, Listing

_WORDS = ("now", "", "max_billed_until", "max_period_end", "min_period_end")


def _moment(value: Any) -> Any:
    return value if value in _WORDS else {"at": value}


class Instant(Part):
    """A unix second."""

    at: Whole


Moment = Annotated[Instant | str, BeforeValidator(_moment)]


class ItemWish(Part):
    """One item of a new subscription."""

    billing_thresholds: Text = None
    discounts: Reductions = None
    metadata: Tags = None
    plan: Word = ""
    price: Word = ""
    price_data: RecurringPriceData | None = None
    quantity: Count | None = None
    tax_rates: Ids = None


class ItemChange(ItemWish):
    """id: of the item to change; without: a new one."""

    id: Word = ""
    deleted: Flag = False
    clear_usage: Flag = False
    metadata: Annotated[Tags, BeforeValidator(_unset)] = None


Wishes = Annotated[tuple[ItemWish, ...], BeforeValidator(_in_order)]
Changes = Annotated[tuple[ItemChange, ...], BeforeValidator(_in_order)]


class ExtraItem(Part):
    """Billed once, with the first invoice."""

    discountable: Flag = True
    discounts: Reductions = None
    metadata: Tags = None
    period: dict[str, Any] | None = None
    price: Word = ""
    price_data: PriceData | None = None
    quantity: Count | None = None
    tax_rates: Ids = None


Extras = Annotated[tuple[ExtraItem, ...], BeforeValidator(_in_order)]


class EndBehavior(Part):
    """When a trial ends."""

    missing_payment_method: Literal["cancel", "create_invoice", "pause"] = "create_invoice"
    billing_cycle_anchor: Literal["now", "unchanged"] = "now"


class TrialSettings(Part):
    """What a trial ends in."""

    end_behavior: EndBehavior


class AnchorConfig(Part):
    """A day of the month, and perhaps a time."""

    day_of_month: Amount
    hour: Count | None = None
    minute: Count | None = None
    month: Amount | None = None
    second: Count | None = None


class BillingMode(Part):
    """classic or flexible (the default)."""

    type: Literal["classic", "flexible"]
    flexible: dict[str, Any] | None = None


class PauseTerms(Part):
    """What happens to invoices made meanwhile."""

    behavior: Literal["keep_as_draft", "mark_uncollectible", "void"]
    resumes_at: Whole | None = None


class Details(Part):
    """Why someone left."""

    comment: Text = None
    feedback: Text = None


class Spell(Part):
    """So many days, weeks, months or years."""

    interval: Interval
    interval_count: Amount = 1


class SubscriptionFields(Form):
    """What creating and changing share."""

    add_invoice_items: Extras = ()
    automatic_tax: AutomaticTax | None = None
    cancel_at: Moment | None = None
    cancel_at_period_end: Flag = False
    collection_method: Collecting = "charge_automatically"
    days_until_due: Count | None = None
    default_payment_method: Text = None
    default_tax_rates: Ids = None
    description: Text = None
    discounts: Reductions = None
    invoice_settings: dict[str, Any] | None = None
    metadata: Metadata = None
    off_session: Flag = False
    payment_behavior: Paying = "allow_incomplete"
    payment_settings: dict[str, Any] | None = None
    pending_invoice_item_interval: Annotated[Spell | None, BeforeValidator(_unset)] = None
    proration_behavior: Prorating = "create_prorations"
    trial_end: Moment | None = None
    trial_from_plan: Flag = False
    trial_settings: TrialSettings | None = None


class SubscriptionCreate(SubscriptionFields):
    """items: up to twenty."""

    customer: Word
    items: Wishes = ()
    backdate_start_date: Whole | None = None
    billing_cycle_anchor: Whole | None = None
    billing_cycle_anchor_config: AnchorConfig | None = None
    billing_mode: BillingMode | None = None
    currency: Word = ""
    trial_period_days: Count | None = None


class SubscriptionUpdate(SubscriptionFields):
    """items: those to change; the rest stay."""

    items: Changes = ()
    billing_cycle_anchor: AnchorField | None = None
    cancellation_details: Details | None = None
    pause_collection: Annotated[PauseTerms | None, BeforeValidator(_unset)] = None
    proration_date: Whole | None = None


class SubscriptionCancel(Form):
    """invoice_now: bill what is pending; prorate: credit what is unused."""

    cancellation_details: Details | None = None
    invoice_now: Flag = False
    prorate: Flag = False


class SubscriptionResume(Form):
    """billing_cycle_anchor: now, or unchanged."""

    billing_cycle_anchor: AnchorField | None = None
    payment_behavior: Literal["resume_on_payment_attempt", "resume_on_payment_success"] = (
        "resume_on_payment_success"
    )
    proration_behavior: Prorating = "create_prorations"
    proration_date: Whole | None = None


class Typed(Part):
    """One of several ways."""

    type: Word


class BillFor(Part):
    """What a pause credits and bills."""

    outstanding_usage_through: Typed | None = None
    unused_time_from: Typed | None = None


class SubscriptionPause(Form):
    """No periods until it is resumed."""

    bill_for: BillFor | None = None
    invoicing_behavior: Literal["invoice", "pending_invoice_item"] = "pending_invoice_item"
    type: Literal["subscription"] = "subscription"


class SubscriptionMigrate(Form):
    """To flexible billing."""

    billing_mode: BillingMode


class SubscriptionList(Dated):
    """Lists of subscriptions; canceled ones only if asked for."""

    collection_method: Collecting | None = None
    current_period_end: Bounded = None
    current_period_start: Bounded = None
    customer: Word = ""
    plan: Word = ""
    price: Word = ""
    status: Word = ""
    test_clock: Word = ""


class ItemTerms(Form):
    """Of one item."""

    discounts: Reductions = None
    metadata: Metadata = None
    off_session: Flag = False
    payment_behavior: Paying = "allow_incomplete"
    plan: Word = ""
    price: Word = ""
    price_data: RecurringPriceData | None = None
    proration_behavior: Prorating = "create_prorations"
    proration_date: Whole | None = None
    quantity: Count | None = None
    tax_rates: Ids = None


class SubscriptionItemCreate(ItemTerms):
    """One more item."""

    subscription: Word


class SubscriptionItemDelete(Form):
    """proration_behavior: whether what is unused is credited."""

    clear_usage: Flag = False
    payment_behavior: Paying = "allow_incomplete"
    proration_behavior: Prorating = "create_prorations"
    proration_date: Whole | None = None


class SubscriptionItemList(Listing):
    """The items of one subscription."""

    subscription: Word
