"""What the paths of payment methods, setup intents and tokens take."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator

from simulators.stripe.wire.forms import Flag, Form, Many, Metadata, Text, Whole, Word, _in_order
from simulators.stripe.wire.params import (
    STRICT,
    BillingDetails,
    Dated,
    Listing,
    MaybeMandateData,
    MaybeShipping,
    Unread,
)

Redisplay = Literal["always", "limited", "unspecified"]
Whose = Literal["individual", "company"]
Account = Literal["checking", "savings"]


class CardDetails(BaseModel):
    """A card by its number, or by a token."""

    model_config = STRICT
    number: Word | None = None
    exp_month: Whole | None = None
    exp_year: Whole | None = None
    cvc: Word | None = None
    token: Word | None = None
    networks: dict[str, str] | None = None


class UsBankAccount(BaseModel):
    """An account by its numbers."""

    model_config = STRICT
    account_holder_type: Whose | None = None
    account_number: Word | None = None
    account_type: Account | None = None
    routing_number: Word | None = None
    financial_connections_account: Word | None = None


class SepaDebit(BaseModel):
    """An account by its IBAN."""

    model_config = STRICT
    iban: Word


class MethodData(BaseModel):
    """A payment method made on the way."""

    model_config = STRICT
    type: Word
    card: CardDetails | None = None
    us_bank_account: UsBankAccount | None = None
    sepa_debit: SepaDebit | None = None
    customer_balance: Unread = None
    billing_details: BillingDetails | None = None
    allow_redisplay: Redisplay = "unspecified"
    metadata: Metadata = None
    radar_options: Any = None
    link: Any = None


class MethodCreate(Form):
    """type: which of the details is read."""

    type: Word
    card: CardDetails | None = None
    us_bank_account: UsBankAccount | None = None
    sepa_debit: SepaDebit | None = None
    customer_balance: Unread = None
    billing_details: BillingDetails | None = None
    allow_redisplay: Redisplay = "unspecified"
    metadata: Metadata = None
    customer: Unread = None
    payment_method: Unread = None
    radar_options: Unread = None
    link: Unread = None


class CardChange(BaseModel):
    """What may change on a card."""

    model_config = STRICT
    exp_month: Whole | None = None
    exp_year: Whole | None = None
    networks: dict[str, str] | None = None


class AccountChange(BaseModel):
    """What may change of a US account."""

    model_config = STRICT
    account_holder_type: Whose | None = None
    account_type: Account | None = None


class MethodUpdate(Form):
    """Only of methods that belong to a customer."""

    billing_details: BillingDetails | None = None
    card: CardChange | None = None
    us_bank_account: AccountChange | None = None
    allow_redisplay: Redisplay | None = None
    metadata: Metadata = None


class Attach(Form):
    """Whose the method becomes."""

    customer: Word
    customer_account: Unread = None


class MethodList(Listing):
    """type: card, us_bank_account or sepa_debit; any other finds nothing."""

    customer: Word = ""
    type: Word = ""
    allow_redisplay: Redisplay | None = None
    customer_account: Unread = None


class AutomaticMethods(BaseModel):
    """allow_redirects is kept and shown; no method of the account needs one."""

    model_config = STRICT
    enabled: Flag
    allow_redirects: Literal["always", "never"] = "always"


Options = Annotated[dict[str, Any], BeforeValidator(lambda value: value or {})]
NO_OPTIONS: dict[str, Any] = {}


class SetupTexts(Form):
    """What may be said of a setup intent while it is open."""

    customer: Word = ""
    payment_method: Word = ""
    payment_method_data: MethodData | None = None
    payment_method_types: Many = ()
    payment_method_options: Options = NO_OPTIONS
    description: Text = None
    attach_to_self: Flag = False
    flow_directions: Many = ()
    metadata: Metadata = None
    customer_account: Unread = None
    excluded_payment_method_types: Unread = None
    allowed_payment_method_types: Unread = None
    payment_method_configuration: Unread = None


class SetupCreate(SetupTexts):
    """usage: whether the customer will be there."""

    confirm: Flag = False
    usage: Literal["off_session", "on_session"] = "off_session"
    automatic_payment_methods: AutomaticMethods | None = None
    mandate_data: MaybeMandateData = None
    return_url: Word | None = None
    single_use: Unread = None
    confirmation_token: Word = ""
    on_behalf_of: Unread = None
    use_stripe_sdk: Unread = None


class SetupConfirm(Form):
    """payment_method: instead of the intent's own."""

    payment_method: Word = ""
    payment_method_data: MethodData | None = None
    payment_method_options: Options = NO_OPTIONS
    mandate_data: MaybeMandateData = None
    return_url: Word | None = None
    client_secret: Word = ""
    confirmation_token: Word = ""
    allowed_payment_method_types: Unread = None
    use_stripe_sdk: Unread = None


class SetupCancel(Form):
    """Why it is given up."""

    cancellation_reason: Literal["abandoned", "duplicate", "requested_by_customer"] | None = None


class SetupList(Dated):
    """Lists of setup intents."""

    customer: Word = ""
    payment_method: Word = ""
    attach_to_self: Flag = False
    customer_account: Unread = None


class AttemptList(Dated):
    """Attempts of one setup intent."""

    setup_intent: Word


class Secretly(Form):
    """client_secret: what a browser knows of the object."""

    client_secret: Word = ""


class Verify(Form):
    """amounts: the two deposits in minor units; descriptor_code: what stood beside the one deposit."""

    amounts: Annotated[tuple[Whole, ...] | None, BeforeValidator(_in_order)] = None
    descriptor_code: Word | None = None
    client_secret: Word = ""


class ConfirmationCreate(Form):
    """What a browser collects. payment_method: one there is, instead of the data of a new one."""

    payment_method: Word = ""
    payment_method_data: MethodData | None = None
    payment_method_options: Options = NO_OPTIONS
    return_url: Word | None = None
    setup_future_usage: Literal["off_session", "on_session"] | None = None
    shipping: MaybeShipping = None


class TokenCard(BaseModel):
    """A card to be disguised."""

    model_config = STRICT
    number: Word
    exp_month: Whole
    exp_year: Whole
    cvc: Word | None = None
    name: Text = None
    currency: Text = None
    address_line1: Text = None
    address_line2: Text = None
    address_city: Text = None
    address_state: Text = None
    address_zip: Text = None
    address_country: Text = None


class TokenAccount(BaseModel):
    """An account to be disguised."""

    model_config = STRICT
    country: Word
    account_number: Word
    currency: Text = None
    routing_number: Word | None = None
    account_holder_name: Text = None
    account_holder_type: Whose | None = None
    account_type: Account | None = None


class TokenCreate(Form):
    """One of the two."""

    card: TokenCard | None = None
    bank_account: TokenAccount | None = None
    customer: Unread = None
    pii: Unread = None
    cvc_update: Unread = None
