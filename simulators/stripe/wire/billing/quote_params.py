"""What the paths of quotes take."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from simulators.stripe.wire.billing.fields import (
    AutomaticTax,
    Count,
    Ids,
    Part,
    PriceData,
    RecurringData,
    Reductions,
    Tags,
)
from simulators.stripe.wire.forms import Flag, Form, Metadata, Text, Whole, Word, _in_order, _unset
from simulators.stripe.wire.params import Listing, Unread


class QuotePriceData(PriceData):
    """A price made for one quote; recurring: None where it is billed once."""

    recurring: RecurringData | None = None


class QuoteLine(Part):
    """One thing that is offered."""

    id: Word = ""
    price: Word = ""
    price_data: QuotePriceData | None = None
    quantity: Count | None = None
    tax_rates: Ids = None
    discounts: Reductions = None


def _begins(value: Any) -> Any:
    return value if value == "current_period_end" else _unset(value)


class BillingMode(Part):
    """How prorations are worked out."""

    type: Literal["classic", "flexible"]
    flexible: Any = None


class SubscriptionData(Part):
    """Of the subscription that acceptance makes."""

    billing_mode: BillingMode | None = None
    description: Text = None
    effective_date: Annotated[Literal["current_period_end"] | Whole | None, BeforeValidator(_begins)] = None
    metadata: Tags = None
    trial_period_days: Annotated[Count | None, BeforeValidator(_unset)] = None


class InvoiceTerms(Part):
    """Of its invoices."""

    custom_fields: Any = None
    days_until_due: Whole | None = None
    description: Text = None
    footer: Text = None
    issuer: Any = None


class FromQuote(Part):
    """The quote that it is made after."""

    quote: Word
    is_revision: Flag = False


class QuoteFields(Form):
    """What may be said of a draft."""

    customer: Word = ""
    line_items: Annotated[tuple[QuoteLine, ...], BeforeValidator(_in_order)] = ()
    collection_method: Literal["charge_automatically", "send_invoice"] = "charge_automatically"
    default_tax_rates: Ids = None
    description: Text = None
    discounts: Reductions = None
    expires_at: Whole | None = None
    footer: Text = None
    header: Text = None
    invoice_settings: InvoiceTerms = InvoiceTerms()
    subscription_data: SubscriptionData = SubscriptionData()
    automatic_tax: AutomaticTax | None = None
    metadata: Metadata = None
    application_fee_amount: Unread = None
    application_fee_percent: Unread = None
    customer_account: Unread = None
    on_behalf_of: Unread = None
    transfer_data: Unread = None


class QuoteCreate(QuoteFields):
    """from_quote: begins as a copy of another."""

    from_quote: FromQuote | None = None
    test_clock: Word = ""


class QuoteFinalize(Form):
    """expires_at: unix seconds."""

    expires_at: Whole | None = None


class QuoteList(Listing):
    """Lists of quotes."""

    customer: Word = ""
    status: Literal["accepted", "canceled", "draft", "open"] | None = None
    test_clock: Word = ""
    customer_account: Unread = None
