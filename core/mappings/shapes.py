"""Which mappings there are, and what the code asks of each."""

from __future__ import annotations

from core.canonical.orders import OrderKind
from core.mappings.table import Column, Shape

_ORDERS = ("order_to_subscription",)
_BILLS = ("finalise_invoice", "finalise_credit_note", "invoice_to_ledger", "credit_note_to_ledger")
_INVOICE_STATUS = ("Posted", "Payment Failed", "Paid", "Refunded")
_DEAL_STATUS = ("Activated", "Withdrawn")
_FIELDS = ("key", "name", "email", "vat_number", "segment", "crm_id")
_PAYS_BY = Column("pays_by", ("card", "invoice"))
_MONTHS = Column("months", tuple(str(months) for months in range(1, 61)))

SHAPES: dict[str, Shape] = {
    shape.name: shape
    for shape in (
        Shape("order_kinds", (Column("type"),), (Column("kind", tuple(OrderKind)),), _ORDERS, named=True),
        Shape("billing_frequencies", (Column("frequency"),), (_MONTHS,), _ORDERS, named=True),
        Shape("billing_periods", (_MONTHS,), (Column("period"),), _ORDERS, named=True),
        Shape("crm_products", (Column("product"),), (Column("sku"),), _ORDERS),
        Shape(
            "crm_payment_terms", (Column("terms", empty=True),), (_PAYS_BY,), (*_ORDERS, "invoice_to_ledger"),
        ),
        Shape(
            "billing_payment_terms", (_PAYS_BY,), (Column("term"),), (*_ORDERS, "invoice_to_ledger"),
            (("card",), ("invoice",)), apart=True,
        ),
        Shape(
            "crm_statuses",
            (Column("about", ("invoice", "deal")), Column("status", (*_INVOICE_STATUS, *_DEAL_STATUS))),
            (Column("shown"),),
            (*_ORDERS, "invoice_to_ledger", "payment_to_cash", "payment_failure", "refund_to_ledger"),
            (*(("invoice", each) for each in _INVOICE_STATUS), *(("deal", each) for each in _DEAL_STATUS)),
            apart=True,
        ),
        Shape(
            "tax_codes", (Column("product"), Column("country")), (Column("tax_code"),),
            (*_ORDERS, *_BILLS, "refund_to_ledger"),
        ),
        Shape(
            "erp_items",
            (Column("reason", ("sale", "goodwill", "bad_debt")), Column("product", empty=True)),
            (Column("item"),),
            ("invoice_to_ledger", "credit_note_to_ledger", "refund_to_ledger"),
            (("goodwill", ""), ("bad_debt", "")),
        ),
        Shape(
            "erp_customer", (Column("field", _FIELDS),), (Column("erp_field", empty=True),), _ORDERS,
            tuple((each,) for each in _FIELDS), must_say=("entityId", "companyName"),
        ),
        Shape("payment_methods", (Column("currency"),), (Column("methods"),), ("invoice_to_ledger",)),
    )
}  # fmt: skip
