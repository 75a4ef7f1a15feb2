"""What the paths of invoice items, invoices, payments and credit notes take."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from simulators.stripe.wire.billing.fields import (
    AutomaticTax,
    Collecting,
    Count,
    CustomFields,
    Ids,
    Number,
    Part,
    PriceData,
    Pricing,
    Reductions,
    Span,
    Tags,
    Unsettable,
)
from simulators.stripe.wire.forms import Amount, Flag, Form, Metadata, Text, Whole, Word, _in_order
from simulators.stripe.wire.params import Bounds, Dated, Listing, _bounds

Bounded = Annotated[Bounds | None, BeforeValidator(_bounds)]


class ItemUpdate(Form):
    """Amount, or price and quantity."""

    amount: Whole | None = None
    description: Text = None
    discountable: Flag = True
    discounts: Reductions = None
    metadata: Metadata = None
    period: Span | None = None
    price_data: PriceData | None = None
    pricing: Pricing | None = None
    quantity: Count | None = None
    quantity_decimal: Number | None = None
    tax_behavior: Word = ""
    tax_code: Text = None
    tax_rates: Ids = None
    unit_amount_decimal: Number | None = None


class ItemCreate(ItemUpdate):
    """invoice: a draft that takes the item at once."""

    customer: Word = ""
    currency: Word | None = None
    invoice: Word = ""
    subscription: Word = ""


class ItemList(Dated):
    """Lists of invoice items."""

    customer: Word = ""
    invoice: Word = ""
    pending: Flag | None = None


class FromInvoice(Part):
    """A revision of another invoice."""

    action: Literal["revision"]
    invoice: Word


class InvoiceUpdate(Form):
    """Fields of a draft; few of them later."""

    auto_advance: Flag = False
    automatic_tax: AutomaticTax | None = None
    automatically_finalizes_at: Whole | None = None
    collection_method: Collecting = "charge_automatically"
    custom_fields: CustomFields = None
    days_until_due: Count | None = None
    default_payment_method: Text = None
    default_tax_rates: Ids = None
    description: Text = None
    discounts: Reductions = None
    due_date: Whole | None = None
    effective_at: Unsettable = None
    footer: Text = None
    metadata: Metadata = None
    number: Text = None
    payment_settings: dict[str, Any] | None = None
    rendering: dict[str, Any] | None = None
    statement_descriptor: Text = None


class InvoiceCreate(InvoiceUpdate):
    """customer is required, unless the invoice revises another."""

    customer: Word = ""
    currency: Word = ""
    from_invoice: FromInvoice | None = None
    pending_invoice_items_behavior: Literal["exclude", "include"] = "exclude"
    subscription: Word = ""


class InvoiceList(Dated):
    """Lists of invoices."""

    collection_method: Collecting | None = None
    customer: Word = ""
    due_date: Bounded = None
    status: Literal["draft", "open", "paid", "uncollectible", "void"] | None = None
    subscription: Word = ""


class Finalise(Form):
    """auto_advance: whether it is collected by itself from now on."""

    auto_advance: Flag | None = None


class Pay(Form):
    """payment_method: instead of the default."""

    forgive: Flag = False
    mandate: Text = None
    off_session: Flag = True
    paid_out_of_band: Flag = False
    payment_method: Word = ""


class AttachPayment(Form):
    """A payment intent that pays (part of) the invoice."""

    payment_intent: Word


class LineWish(Part):
    """A line to add."""

    amount: Whole | None = None
    description: Text = None
    discountable: Flag = True
    discounts: Reductions = None
    invoice_item: Word = ""
    metadata: Tags = None
    period: Span | None = None
    price_data: PriceData | None = None
    pricing: Pricing | None = None
    quantity: Count | None = None
    quantity_decimal: Number | None = None
    tax_rates: Ids = None


class LineChange(LineWish):
    """A line to change."""

    id: Word


class LineUpdate(Form):
    """One line of a draft."""

    amount: Whole | None = None
    description: Text = None
    discountable: Flag = True
    discounts: Reductions = None
    metadata: Metadata = None
    period: Span | None = None
    price_data: PriceData | None = None
    pricing: Pricing | None = None
    quantity: Count | None = None
    quantity_decimal: Number | None = None
    tax_rates: Ids = None


class LineRemoval(Part):
    """delete: with its item; unassign: the item is pending again."""

    behavior: Literal["delete", "unassign"]
    id: Word


class AddLines(Form):
    """New lines."""

    lines: Annotated[tuple[LineWish, ...], BeforeValidator(_in_order), Field(max_length=250)]
    invoice_metadata: Metadata = None


class UpdateLines(Form):
    """Changed lines."""

    lines: Annotated[tuple[LineChange, ...], BeforeValidator(_in_order), Field(max_length=250)]
    invoice_metadata: Metadata = None


class RemoveLines(Form):
    """Lines to take off."""

    lines: Annotated[tuple[LineRemoval, ...], BeforeValidator(_in_order), Field(max_length=250)]
    invoice_metadata: Metadata = None


class PaymentFilter(Part):
    """What paid."""

    type: Literal["payment_intent", "payment_record"]
    payment_intent: Word = ""
    payment_record: Word = ""


class PaymentList(Dated):
    """Lists of invoice payments."""

    invoice: Word = ""
    payment: PaymentFilter | None = None
    status: Literal["canceled", "open", "paid"] | None = None


class CreditLineWish(Part):
    """A line of the invoice, or one of its own."""

    type: Literal["custom_line_item", "invoice_line_item"]
    amount: Count | None = None
    description: Word = ""
    invoice_line_item: Word = ""
    metadata: Tags = None
    quantity: Amount | None = None
    tax_rates: Ids = None
    unit_amount: Whole | None = None
    unit_amount_decimal: Number | None = None


class LinkedRefund(Part):
    """A refund made already."""

    refund: Word
    amount_refunded: Count | None = None
    type: Literal["refund"] = "refund"


class CreditNoteCreate(Form):
    """amount or lines; where the money goes if the invoice is paid."""

    invoice: Word
    amount: Amount | None = None
    credit_amount: Count | None = None
    effective_at: Whole | None = None
    email_type: Literal["credit_note", "none"] = "credit_note"
    lines: Annotated[tuple[CreditLineWish, ...], BeforeValidator(_in_order)] = ()
    memo: Text = None
    metadata: Metadata = None
    out_of_band_amount: Count | None = None
    reason: Literal["duplicate", "fraudulent", "order_change", "product_unsatisfactory"] | None = None
    refund_amount: Count | None = None
    refunds: Annotated[tuple[LinkedRefund, ...], BeforeValidator(_in_order)] = ()


class CreditPreviewLines(CreditNoteCreate, Listing):
    """The lines of a credit note that is only shown."""


class CreditNoteUpdate(Form):
    """Its memo and metadata."""

    memo: Text = None
    metadata: Metadata = None


class CreditNoteList(Dated):
    """Lists of credit notes."""

    customer: Word = ""
    invoice: Word = ""
