"""What the paths of payment intents, charges, refunds and disputes take."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator
from pydantic_core import PydanticCustomError

from simulators.stripe.wire.forms import Amount, Flag, Form, Many, Metadata, Text, Word, _flag, _unset
from simulators.stripe.wire.params import STRICT, Dated, MaybeMandateData, MaybeShipping, Unread
from simulators.stripe.wire.params_methods import NO_OPTIONS, AutomaticMethods, MethodData, Options

Usage = Annotated[Literal["off_session", "on_session"] | None, BeforeValidator(_unset)]
Capture = Literal["automatic", "automatic_async", "manual"]


def _absent(value: Any) -> Any:
    """The vendor's two further words for the customer's absence."""
    return True if value in ("one_off", "recurring") else _flag(value)


Absent = Annotated[bool, BeforeValidator(_absent)]


def _short(value: Any) -> Any:
    if isinstance(value, str) and len(value) > 22:
        raise PydanticCustomError("invalid", "The statement descriptor must be at most 22 characters.")
    return _unset(value)


Descriptor = Annotated[str | None, BeforeValidator(_short)]


class IntentTexts(Form):
    """What may be said of an intent while nothing has been paid."""

    customer: Word = ""
    payment_method: Word = ""
    payment_method_data: MethodData | None = None
    payment_method_types: Many = ()
    payment_method_options: Options = NO_OPTIONS
    capture_method: Capture = "automatic_async"
    description: Text = None
    receipt_email: Text = None
    statement_descriptor: Descriptor = None
    statement_descriptor_suffix: Descriptor = None
    setup_future_usage: Usage = None
    shipping: MaybeShipping = None
    transfer_group: Text = None
    metadata: Metadata = None
    amount_details: Unread = None
    application_fee_amount: Unread = None
    customer_account: Unread = None
    excluded_payment_method_types: Unread = None
    allowed_payment_method_types: Unread = None
    hooks: Unread = None
    payment_details: Unread = None
    payment_method_configuration: Unread = None
    transfer_data: Unread = None


class IntentCreate(IntentTexts):
    """amount: minor units; currency: three letters."""

    amount: Amount
    currency: Word
    confirm: Flag = False
    off_session: Absent = False
    error_on_requires_action: Flag = False
    confirmation_method: Literal["automatic", "manual"] = "automatic"
    automatic_payment_methods: AutomaticMethods | None = None
    mandate: Word = ""
    mandate_data: MaybeMandateData = None
    return_url: Word | None = None
    confirmation_token: Word = ""
    on_behalf_of: Unread = None
    radar_options: Unread = None
    use_stripe_sdk: Unread = None


class IntentUpdate(IntentTexts):
    """Amount and currency only while nothing has been paid."""

    amount: Amount = 0
    currency: Word = ""


class IntentConfirm(Form):
    """payment_method: instead of the intent's own."""

    payment_method: Word = ""
    payment_method_data: MethodData | None = None
    payment_method_options: Options = NO_OPTIONS
    off_session: Absent = False
    error_on_requires_action: Flag = False
    capture_method: Capture = "automatic"
    mandate: Word = ""
    mandate_data: MaybeMandateData = None
    return_url: Word = ""
    receipt_email: Text = None
    setup_future_usage: Usage = None
    shipping: MaybeShipping = None
    client_secret: Word = ""
    amount_details: Unread = None
    amount_to_confirm: Unread = None
    confirmation_token: Word = ""
    excluded_payment_method_types: Unread = None
    allowed_payment_method_types: Unread = None
    hooks: Unread = None
    payment_details: Unread = None
    payment_method_types: Unread = None
    radar_options: Unread = None
    use_stripe_sdk: Unread = None


class IntentCapture(Form):
    """amount_to_capture: minor units, at most what was authorised."""

    amount_to_capture: Amount | None = None
    metadata: Metadata = None
    statement_descriptor: Descriptor = None
    statement_descriptor_suffix: Descriptor = None
    final_capture: Flag = True
    amount_details: Unread = None
    application_fee_amount: Unread = None
    hooks: Unread = None
    payment_details: Unread = None
    transfer_data: Unread = None


class IntentIncrement(Form):
    """amount: the new total, in minor units."""

    amount: Amount
    description: Text = None
    metadata: Metadata = None
    statement_descriptor: Descriptor = None
    amount_details: Unread = None
    application_fee_amount: Unread = None
    hooks: Unread = None
    payment_details: Unread = None
    transfer_data: Unread = None


class IntentCancel(Form):
    """Why it is given up."""

    cancellation_reason: Literal["abandoned", "duplicate", "fraudulent", "requested_by_customer"] | None = (
        None
    )


class CustomerFilter(Dated):
    """Lists of intents."""

    customer: Word = ""
    customer_account: Unread = None


class ChargeCreate(Form):
    """source: a token, or a card of the customer's."""

    amount: Amount
    currency: Word
    source: Word = ""
    customer: Word = ""
    capture: Flag = True
    description: Text = None
    receipt_email: Text = None
    shipping: MaybeShipping = None
    statement_descriptor: Descriptor = None
    statement_descriptor_suffix: Descriptor = None
    transfer_group: Text = None
    metadata: Metadata = None
    application_fee: Unread = None
    application_fee_amount: Unread = None
    destination: Unread = None
    on_behalf_of: Unread = None
    radar_options: Unread = None
    transfer_data: Unread = None


class ChargeUpdate(Form):
    """What may be said of a charge later."""

    customer: Word = ""
    description: Text = None
    receipt_email: Text = None
    shipping: MaybeShipping = None
    transfer_group: Text = None
    fraud_details: dict[Literal["user_report"], Literal["fraudulent", "safe", ""]] | None = None
    metadata: Metadata = None


class ChargeCapture(Form):
    """amount: minor units, at most what was authorised."""

    amount: Amount | None = None
    receipt_email: Text = None
    statement_descriptor: Descriptor = None
    statement_descriptor_suffix: Descriptor = None
    transfer_group: Text = None
    application_fee: Unread = None
    application_fee_amount: Unread = None
    transfer_data: Unread = None


class ChargeList(Dated):
    """Lists of charges."""

    customer: Word = ""
    payment_intent: Word = ""
    transfer_group: Word = ""


class RefundCreate(Form):
    """amount: minor units; all that is left when it is missing."""

    charge: Word = ""
    payment_intent: Word = ""
    amount: Amount | None = None
    reason: Literal["duplicate", "fraudulent", "requested_by_customer"] | None = None
    instructions_email: Text = None
    metadata: Metadata = None
    currency: Word = ""
    customer: Word = ""
    origin: Literal["customer_balance"] | None = None
    refund_application_fee: Unread = None
    reverse_transfer: Unread = None


class RefundList(Dated):
    """Lists of refunds and of disputes."""

    charge: Word = ""
    payment_intent: Word = ""


class Evidence(BaseModel):
    """What speaks for the account; files by their ids."""

    model_config = STRICT
    access_activity_log: Text = None
    billing_address: Text = None
    cancellation_policy: Text = None
    cancellation_policy_disclosure: Text = None
    cancellation_rebuttal: Text = None
    customer_communication: Text = None
    customer_email_address: Text = None
    customer_name: Text = None
    customer_purchase_ip: Text = None
    customer_signature: Text = None
    duplicate_charge_documentation: Text = None
    duplicate_charge_explanation: Text = None
    duplicate_charge_id: Text = None
    product_description: Text = None
    receipt: Text = None
    refund_policy: Text = None
    refund_policy_disclosure: Text = None
    refund_refusal_explanation: Text = None
    service_date: Text = None
    service_documentation: Text = None
    shipping_address: Text = None
    shipping_carrier: Text = None
    shipping_date: Text = None
    shipping_documentation: Text = None
    shipping_tracking_number: Text = None
    uncategorized_file: Text = None
    uncategorized_text: Text = None
    enhanced_evidence: Any = None


class DisputeUpdate(Form):
    """submit: false only stages the evidence."""

    evidence: Evidence | None = None
    submit: Flag = True
    metadata: Metadata = None
    intended_submission_method: Unread = None
