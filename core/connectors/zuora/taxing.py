"""Tax of an outside engine as taxation items, and a refund split over an invoice's lines; pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from core.canonical.errors import Refused
from core.canonical.invoices import Invoice, TaxAnswer
from core.canonical.money import Money
from core.canonical.payments import Refund
from core.connectors.shapes import drifted
from core.connectors.zuora import mapping, wire
from core.connectors.zuora.wire import Json

SYSTEM = "zuora"


def tax_items(item_name: str, tax: TaxAnswer, on: date) -> list[dict[str, Any]]:
    """Bodies of taxation items. item_name: "invoiceItemId" or "memoItemId"; nothing where no tax is due."""
    return [
        {
            item_name: row.line,
            "name": row.name or "Tax",
            "jurisdiction": row.jurisdiction or row.name or "Tax",
            "taxAmount": row.tax.major,
            "taxDate": on.isoformat(),
            "taxRate": Decimal(row.rate or 0),
            "taxRateType": "Percentage",
        }
        for row in tax.lines
        if row.tax
    ]


def refund_memo(invoice: Invoice, refund: Refund, items: Sequence[Json], on: date) -> dict[str, Any]:
    """Body of a credit memo over the refunded gross amount; items: the invoice's, with their taxes."""
    by_id = {str(item["id"]): item for item in items}
    if lost := [line.id for line in invoice.lines if line.id not in by_id]:
        raise drifted(
            SYSTEM, f"invoice {invoice.number}: {lost[0]} is one of its lines and none of its items"
        )
    held = [by_id[line.id] for line in invoice.lines]
    currency = refund.amount.currency
    nets_left = [_left(item, "chargeAmount", currency) for item in held]
    taxes_left = [
        _sum([_left(row, "taxAmount", currency) for row in mapping.taxes(item)], currency) for item in held
    ]
    left = [_sum(nets_left, currency), _sum(taxes_left, currency)]
    net, tax = _split(refund.amount, [invoice.net, invoice.tax], left)
    nets = _split(net, [line.net for line in invoice.lines], nets_left)
    taxes = _split(tax, [line.tax for line in invoice.lines], taxes_left)
    rows = []
    for line, item, net_part, tax_part in zip(invoice.lines, held, nets, taxes, strict=True):
        if not net_part and not tax_part:
            continue
        row: dict[str, Any] = {
            "invoiceItemId": line.id,
            "skuName": line.description or line.product,
            "amount": net_part.major,
            "taxMode": "TaxExclusive",
        }
        if tax_part:
            row["taxItems"] = _tax_parts(item, tax_part)
        rows.append(row)
    return {
        "autoPost": True,
        "comment": wire.REFUND_COMMENT + refund.id,
        "effectiveDate": on.isoformat(),
        "excludeFromAutoApplyRules": True,
        "autoApplyToInvoiceUponPosting": False,
        "taxAutoCalculation": False,
        "items": rows,
    }


def _tax_parts(item: Json, tax: Money) -> list[dict[str, Any]]:
    held = mapping.taxes(item)
    amounts = [Money.of(row.get("taxAmount") or 0, tax.currency) for row in held]
    parts = _split(tax, amounts, [_left(row, "taxAmount", tax.currency) for row in held])
    return [
        {
            "sourceTaxItemId": str(row["id"]),
            "amount": part.major,
            **{name: row[own] for own, name in _TAX_NAMES.items() if row.get(own) is not None},
        }
        for row, part in zip(held, parts, strict=True)
        if part
    ]


# What a tax keeps of the one it takes back: its name there, its name here.
_TAX_NAMES = {
    "jurisdiction": "jurisdiction",
    "name": "taxName",
    "taxRate": "taxRate",
    "taxRateType": "taxRateType",
}


def _split(amount: Money, over: Sequence[Money], left: Sequence[Money]) -> list[Money]:
    """In proportion to `over`, or, where earlier refunds leave too little for that, to what is left.

    Nothing can be credited on a credit inside an invoice, so only what is positive counts.
    """
    if not amount:
        return [Money(0, amount.currency) for _ in over]
    rest = [max(each.minor, 0) for each in left]
    if not 0 < amount.minor <= sum(rest):
        raise Refused(f"{amount} cannot be credited: {sum(rest)} minor units are left", system=SYSTEM)
    weights = [max(each.minor, 0) for each in over]
    parts = amount.share(weights) if sum(weights) else []
    if not parts or any(part.minor > most for part, most in zip(parts, rest, strict=True)):
        parts = amount.share(rest)
    return parts


def _left(row: Json, amount: str, currency: str) -> Money:
    """What of an item or a tax has not been credited yet."""
    value = row.get("availableToCreditAmount")
    return Money.of(str(value if value is not None else row.get(amount) or 0), currency)


def _sum(amounts: Sequence[Money], currency: str) -> Money:
    return Money(sum(max(each.minor, 0) for each in amounts), currency)
