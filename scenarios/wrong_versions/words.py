"""What else a cell of a mapping could say: words that the systems know, and what falls to a default."""

from __future__ import annotations

from core.mappings.document import Document

# By mapping and output: words of the vendors that a person could write there by mistake. Where a column
# allows only some words, those are taken.
OUTCOMES: dict[tuple[str, str], tuple[str, ...]] = {
    # Another number of months that billing has a name for, and one that it has none for.
    ("billing_frequencies", "months"): ("1", "2", "3", "6", "12"),
    # Names of https://developer.zuora.com (billingPeriod), the wrong spelling too.
    ("billing_periods", "period"): ("Month", "Quarter", "Semi_Annual", "Annual", "Eighteen_Months", "Year"),
    ("crm_products", "sku"): ("TEAM", "BUSINESS", "NO-SUCH-PLAN"),
    ("billing_payment_terms", "term"): ("Due Upon Receipt", "Net 30", "Net 60", "Net 0"),
    ("crm_statuses", "shown"): (
        "Posted", "Payment Failed", "Paid", "Refunded", "Activated", "Withdrawn", "Open",
    ),
    # Codes of the tax engine that the catalogue has for other things, and one for nothing taxable.
    ("tax_codes", "tax_code"): ("SW052000", "SW052001", "P0000000", "NT"),
    ("erp_items", "item"): ("=product", "TEAM", "GOODWILL", "BAD-DEBT"),
    ("erp_customer", "erp_field"): ("entityId", "companyName", "email", "", "comments"),
    ("payment_methods", "methods"): (
        "card", "us_bank_account", "card,us_bank_account", "us_bank_account,card", "sepa_debit",
        "card,sepa_debit",
    ),
}  # fmt: skip

# Of what falls to a default: cases that a version could single out, as inputs by name.
SINGLED_OUT: dict[str, tuple[dict[str, str], ...]] = {
    "crm_products": ({"product": "TEAM"},),
    "crm_payment_terms": ({"terms": "Net 30"},),
    "tax_codes": (
        {"product": "*", "country": "US"}, {"product": "*", "country": "DE"},
        {"product": "TEAM", "country": "*"},
    ),
    "erp_items": ({"reason": "sale", "product": "TEAM"},),
    "erp_customer": ({"field": "vat_number"}, {"field": "segment"}, {"field": "crm_id"}),
    "payment_methods": ({"currency": "EUR"},),
}  # fmt: skip


def outcomes(document: Document, at: int) -> tuple[str, ...]:
    """Every word that output number `at` may have."""
    column = document.table.shape.outputs[at]
    told = OUTCOMES.get((document.name, column.name), column.allowed)
    return tuple(dict.fromkeys((*told, *(row.then[at] for row in document.table.rows))))
