"""What several tables read alike: what an amount is put against, and memos from an invoice."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from simulators.zuora.rules import debits, invoices
from simulators.zuora.rules.amounts import whole
from simulators.zuora.rules.documents import Owed
from simulators.zuora.rules.invoices import TaxWish
from simulators.zuora.rules.memos import CreditLine, MemoWish
from simulators.zuora.rules.refusal import MISSING, Refused
from simulators.zuora.rules.state import State
from simulators.zuora.wire import from_invoice, money


def parts_of(
    state: State, shape: money.Parts, currency: str, *, needed: bool = False
) -> list[tuple[Owed, int]]:
    """The documents that are named, with their amounts in minor units. needed: Refused if there are none."""
    found: list[tuple[Owed, int]] = []
    for part in shape.invoices:
        key = part.invoiceId or part.invoiceNumber
        if not key:
            raise Refused(MISSING, "'invoiceId' is required.", "invoiceId")
        found.append((invoices.find(state, key), whole(part.amount, currency, "amount")))
    for each in shape.debitMemos:
        key = each.debitMemoId or each.debitMemoNumber
        if not key:
            raise Refused(MISSING, "'debitMemoId' is required.", "debitMemoId")
        found.append((debits.find(state, key), whole(each.amount, currency, "amount")))
    if needed and not found:
        raise Refused(MISSING, "'invoices' or 'debitMemos' is required.", "invoices")
    return found


def memo_wish(shape: from_invoice.MemoFromInvoice, currency: str, today: date) -> MemoWish:
    """What the rules make of a memo from an invoice."""
    return MemoWish(
        lines=tuple(_line(item, currency) for item in shape.items),
        on=shape.effectiveDate or today,
        reason=shape.reasonCode,
        comment=shape.comment,
        auto_post=shape.autoPost,
        custom=shape.custom_fields(),
    )


def _line(item: from_invoice.CreditItem, currency: str) -> CreditLine:
    taxes = tuple(
        TaxWish(
            item=item.invoiceItemId,
            name=tax.taxName,
            jurisdiction=tax.jurisdiction,
            amount=whole(tax.amount, currency, "taxItems.amount"),
            rate=tax.taxRate if tax.taxRate is not None else Decimal(0),
            rate_type=tax.taxRateType,
            location=tax.locationCode,
            code=tax.taxCode,
            on=tax.taxDate,
            source=tax.sourceTaxItemId,
        )
        for tax in item.taxItems
    )
    last = item.serviceEndDate
    return CreditLine(
        item.invoiceItemId,
        whole(item.amount, currency, "amount"),
        taxes,
        item.comment,
        item.serviceStartDate,
        last + timedelta(days=1) if last else None,
    )
