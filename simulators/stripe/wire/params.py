"""What each path takes, as pydantic models; a name that is not here is refused as unknown."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from simulators.stripe.wire.forms import Amount, Flag, Form, Many, Metadata, Text, Whole, Word, _unset

_STRICT = ConfigDict(extra="forbid", frozen=True)


def _bounds(value: Any) -> Any:
    """A bare moment means exactly that second."""
    return {"gte": value, "lte": value} if isinstance(value, str) else value


class Bounds(BaseModel):
    """Unix seconds."""

    model_config = _STRICT
    gt: Whole | None = None
    gte: Whole | None = None
    lt: Whole | None = None
    lte: Whole | None = None


class Nothing(Form):
    """No parameters but `expand`."""


class Listing(Form):
    """limit: 1 to 100; the cursors are ids."""

    limit: Annotated[Amount, Field(le=100)] = 10
    starting_after: Word = ""
    ending_before: Word = ""
    created: Annotated[Bounds | None, BeforeValidator(_bounds)] = None


class Search(Form):
    """query: in Stripe's search language; page: `next_page` of the answer before."""

    query: Word
    limit: Annotated[Amount, Field(le=100)] = 10
    page: Text = None


class Address(BaseModel):
    """A postal address."""

    model_config = _STRICT
    city: Text = None
    country: Text = None
    line1: Text = None
    line2: Text = None
    postal_code: Text = None
    state: Text = None


class InvoiceSettings(BaseModel):
    """default_payment_method: "" takes it away."""

    model_config = _STRICT
    default_payment_method: str | None = None


class CustomerParams(Form):
    """Create and update; nothing is required."""

    name: Text = None
    email: Text = None
    phone: Text = None
    description: Text = None
    address: Annotated[Address | None, BeforeValidator(_unset)] = None
    metadata: Metadata = None
    invoice_settings: InvoiceSettings = InvoiceSettings()
    balance: Whole | None = None


class CustomerCreate(CustomerParams):
    """payment_method: attached to the new customer; test_clock: whose time it lives by."""

    payment_method: Word = ""
    test_clock: Word = ""


class CustomerList(Listing):
    """email: exactly, with case."""

    email: Word = ""
    test_clock: Word = ""


class Attach(Form):
    """Whose the card becomes."""

    customer: Word


class MethodList(Listing):
    """Only cards exist here, so another type finds nothing."""

    customer: Word = ""
    type: Word = ""


class AutomaticMethods(BaseModel):
    """allow_redirects is kept and shown; cards need none."""

    model_config = _STRICT
    enabled: Flag
    allow_redirects: Literal["always", "never"] = "always"


Usage = Annotated[Literal["off_session", "on_session"] | None, BeforeValidator(_unset)]


class IntentTexts(Form):
    """What may be said of an intent at any time."""

    customer: Word = ""
    payment_method: Word = ""
    description: Text = None
    receipt_email: Text = None
    statement_descriptor: Text = None
    statement_descriptor_suffix: Text = None
    setup_future_usage: Usage = None
    metadata: Metadata = None


class IntentCreate(IntentTexts):
    """amount: minor units; currency: three letters."""

    amount: Amount
    currency: Word
    confirm: Flag = False
    off_session: Flag = False
    capture_method: Literal["automatic", "automatic_async", "manual"] = "automatic"
    payment_method_types: Many = ("card",)
    automatic_payment_methods: AutomaticMethods | None = None
    return_url: Word | None = None


class IntentUpdate(IntentTexts):
    """Amount and currency only while nothing has been paid."""

    amount: Amount = 0
    currency: Word = ""


class IntentConfirm(Form):
    """payment_method: instead of the intent's own."""

    payment_method: Word = ""
    off_session: Flag = False
    return_url: Word = ""


class IntentCapture(Form):
    """amount_to_capture: minor units, at most what was authorised."""

    amount_to_capture: Amount | None = None


class IntentCancel(Form):
    """Why it is given up."""

    cancellation_reason: Literal["abandoned", "duplicate", "fraudulent", "requested_by_customer"] | None = (
        None
    )


class CustomerFilter(Listing):
    """Lists of intents."""

    customer: Word = ""


class ChargeList(Listing):
    """Lists of charges."""

    customer: Word = ""
    payment_intent: Word = ""


class RefundCreate(Form):
    """amount: minor units; all that is left when it is missing."""

    charge: Word = ""
    payment_intent: Word = ""
    amount: Amount | None = None
    reason: Literal["duplicate", "fraudulent", "requested_by_customer"] | None = None
    metadata: Metadata = None


class MetadataOnly(Form):
    """Updates of what is otherwise fixed."""

    metadata: Metadata = None


class RefundList(Listing):
    """Lists of refunds."""

    charge: Word = ""
    payment_intent: Word = ""


class EntryList(Listing):
    """Lists of balance transactions."""

    type: Word = ""
    source: Word = ""
    payout: Word = ""
    currency: Word = ""


class PayoutCreate(Form):
    """amount: minor units."""

    amount: Amount
    currency: Word
    description: Text = None
    statement_descriptor: Text = None
    metadata: Metadata = None
    method: Literal["standard"] = "standard"


class PayoutList(Listing):
    """Lists of payouts."""

    status: Literal["pending", "in_transit", "paid", "failed", "canceled"] | None = None


class EventList(Listing):
    """type: one; types: up to twenty; delivery_success: whether all endpoints have taken it."""

    type: Word = ""
    types: Many = ()
    delivery_success: Flag | None = None


class EndpointCreate(Form):
    """url: where to post; enabled_events: types, or "*"."""

    url: Word
    enabled_events: Many
    description: Text = None
    api_version: Word | None = None
    metadata: Metadata = None


class EndpointUpdate(Form):
    """disabled: no deliveries until enabled again."""

    url: Word = ""
    enabled_events: Many = ()
    description: Text = None
    metadata: Metadata = None
    disabled: Flag = False
