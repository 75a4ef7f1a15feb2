"""What the paths of customers take."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field

from simulators.stripe.wire.forms import Form, Many, Metadata, Text, Whole, Word, _in_order, _unset
from simulators.stripe.wire.params import STRICT, Dated, Listing, MaybeAddress, MaybeShipping, Unread


class CustomField(BaseModel):
    """A line of the account's own on invoices."""

    model_config = STRICT
    name: Word
    value: Word


def _fields(value: object) -> object:
    return None if value == "" else _in_order(value)


class InvoiceSettings(BaseModel):
    """default_payment_method: "" takes it away."""

    model_config = STRICT
    default_payment_method: str | None = None
    custom_fields: Annotated[tuple[CustomField, ...] | None, BeforeValidator(_fields)] = None
    footer: Text = None
    rendering_options: Annotated[dict[str, str] | None, BeforeValidator(_unset)] = None


class CustomerTax(BaseModel):
    """What helps to find the customer's place."""

    model_config = STRICT
    ip_address: Text = None
    validate_location: Literal["auto", "deferred", "immediately"] | None = None


class CashSettings(BaseModel):
    """Whether what the customer sends is used at once for what he owes."""

    model_config = STRICT
    reconciliation_mode: Literal["automatic", "manual", "merchant_default"] | None = None


class CashParams(BaseModel):
    """How the customer's cash is used."""

    model_config = STRICT
    settings: CashSettings = CashSettings()


class TaxIdDatum(BaseModel):
    """A tax number of a new customer."""

    model_config = STRICT
    type: Word
    value: Word


Exempt = Annotated[Literal["exempt", "none", "reverse"] | None, BeforeValidator(_unset)]


class CustomerParams(Form):
    """Create and update; nothing is required. balance: the customer's debt, negative for credit."""

    name: Text = None
    email: Text = None
    phone: Text = None
    description: Text = None
    address: MaybeAddress = None
    shipping: MaybeShipping = None
    business_name: Text = None
    individual_name: Text = None
    metadata: Metadata = None
    invoice_settings: InvoiceSettings = InvoiceSettings()
    invoice_prefix: Word = ""
    next_invoice_sequence: Whole = 1
    preferred_locales: Many = ()
    tax_exempt: Exempt = None
    tax: CustomerTax | None = None
    balance: Whole = 0
    source: Word = ""
    validate_: Annotated[Unread, Field(alias="validate")] = None
    cash_balance: CashParams | None = None


class CustomerUpdate(CustomerParams):
    """default_source: of the customer's cards, for charges made without an intent."""

    default_source: Word = ""


class CustomerCreate(CustomerParams):
    """payment_method: attached to the new customer."""

    payment_method: Word = ""
    tax_id_data: Annotated[tuple[TaxIdDatum, ...], BeforeValidator(_in_order)] = ()
    test_clock: Word = ""


class CustomerList(Dated):
    """email: exactly, with case."""

    email: Word = ""
    test_clock: Word = ""


class CreditCreate(Form):
    """amount: added to the customer's balance; negative is credit."""

    amount: Whole
    currency: Word
    description: Text = None
    metadata: Metadata = None


class CreditUpdate(Form):
    """What may be said of an entry later."""

    description: Text = None
    metadata: Metadata = None


class CreditList(Dated):
    """Lists of a customer's credit entries."""

    invoice: Word = ""


class TaxIdCreate(Form):
    """type: such as eu_vat."""

    type: Word
    value: Word


class TaxIdList(Listing):
    """Lists of tax numbers."""
