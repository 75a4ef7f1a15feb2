"""Fields of invoices, credit memos, debit memos, their items and taxation items."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from simulators.zuora.rules.catalogue import ONE_TIME, RECURRING, USAGE
from simulators.zuora.rules.fields import (
    Field,
    Vocabulary,
    always,
    common,
    day,
    flag,
    id_of,
    moment,
    money,
    number,
    text,
)
from simulators.zuora.rules.rating import DISCOUNTS, FLAT_FEE


def _includes(kind: str) -> Field:
    def read(document: Any) -> bool:
        return any(item.charge.source.kind == kind for item in document.items.values())

    return flag(read)


def _source(document: Any) -> str:
    return "BillRun" if document.run else "API"


def _exempt(document: Any) -> int:
    return sum(tax.exempt for item in document.items.values() for tax in item.taxes)


def _from(invoice: Any) -> str:
    standalone = all(not item.subscription.number for item in invoice.items.values())
    return "Standalone" if standalone and invoice.items else "Subscription"


INVOICE: Vocabulary = {
    **common(),
    "invoiceNumber": text("number"),
    "accountId": text("account.id"),
    "status": text("status"),
    "reversed": flag("reversed"),
    "currency": text("currency"),
    "invoiceDate": day("on"),
    "dueDate": day("due"),
    "targetDate": day("target"),
    "amount": money(lambda i: i.net + i.tax),
    "amountWithoutTax": money("net"),
    "taxAmount": money("tax"),
    "taxExemptAmount": money(_exempt),
    "balance": money("balance"),
    "paymentAmount": money("paid"),
    "creditMemoAmount": money("credited"),
    "adjustmentAmount": money(lambda _: 0),
    "refundAmount": money(lambda _: 0),
    "creditBalanceAdjustmentAmount": money(lambda _: 0),
    "autoPay": flag(lambda i: i.account.auto_pay if i.auto_pay is None else i.auto_pay),
    "comments": text("comments"),
    "paymentTerm": text("account.payment_term"),
    "billToContactId": text(lambda i: i.account.bill_to.get("id")),
    "soldToContactId": text(lambda i: i.account.sold_to.get("id")),
    "source": text(_source),
    "sourceId": text(lambda i: i.run or None),
    "sourceType": text(_from),
    "postedDate": moment("posted_at"),
    "includesRecurring": _includes(RECURRING),
    "includesOneTime": _includes(ONE_TIME),
    "includesUsage": _includes(USAGE),
    "transferredToAccounting": always("No"),
}

CREDIT_MEMO: Vocabulary = {
    **common(),
    "memoNumber": text("number"),
    "accountId": text("account.id"),
    "invoiceId": text(lambda m: id_of(m.invoice)),
    "status": text("status"),
    "reversed": flag("reversed"),
    "currency": text("currency"),
    "memoDate": day("on"),
    "targetDate": day("target"),
    "totalAmount": money(lambda m: m.net + m.tax),
    "totalAmountWithoutTax": money("net"),
    "taxAmount": money("tax"),
    "totalTaxExemptAmount": money(lambda _: 0),
    "balance": money("unapplied"),
    "unappliedAmount": money("unapplied"),
    "appliedAmount": money(lambda m: sum(a for _, a in m.applied)),
    "refundAmount": money("refunded"),
    "autoApplyUponPosting": flag("auto_apply"),
    "excludeFromAutoApplyRules": always(False),
    "reasonCode": text("reason"),
    "comments": text("comment"),
    "source": text(_source),
    "sourceId": text(lambda m: m.run or None),
    "sourceType": text(lambda m: "Invoice" if m.invoice else "Subscription"),
    "postedOn": moment("posted_at"),
    "cancelledOn": moment("cancelled_at"),
    "transferredToAccounting": always("No"),
}


DEBIT_MEMO: Vocabulary = {
    **common(),
    "memoNumber": text("number"),
    "accountId": text("account.id"),
    "invoiceId": text(lambda m: id_of(m.invoice)),
    "creditMemoId": text(lambda m: id_of(m.memo)),
    "status": text("status"),
    "currency": text("currency"),
    "memoDate": day("on"),
    "dueDate": day("due"),
    "targetDate": day(lambda _: None),
    "totalAmount": money(lambda m: m.net + m.tax),
    "totalAmountWithoutTax": money("net"),
    "taxAmount": money("tax"),
    "totalTaxExemptAmount": money(_exempt),
    "discountAmount": money(lambda _: 0),
    "balance": money("balance"),
    "beAppliedAmount": money(lambda m: m.paid + m.credited),
    "autoPay": flag(lambda m: m.account.auto_pay if m.auto_pay is None else m.auto_pay),
    "reasonCode": text("reason"),
    "comments": text("comment"),
    "paymentTerm": text("account.payment_term"),
    "billToContactId": text(lambda m: m.account.bill_to.get("id")),
    "soldToContactId": text(lambda m: m.account.sold_to.get("id")),
    "source": always("API"),
    "sourceType": text("source_type"),
    "postedOn": moment("posted_at"),
    "cancelledOn": moment("cancelled_at"),
    "transferredToAccounting": always("No"),
}


def _quantity(row: Any) -> Any:
    return Decimal(1) if row.it.charge.source.model in (FLAT_FEE, *DISCOUNTS) else row.it.quantity


# up: the document; it: the item. Service dates are inclusive.
_LINE: Vocabulary = {
    **common(),
    "subscriptionId": text(lambda r: r.it.subscription.id or None),
    "subscriptionNumber": text(lambda r: r.it.subscription.number or None),
    "subscriptionOwnerId": text("it.subscription.account.id"),
    "ratePlanChargeId": text(lambda r: r.it.charge.id or None),
    "productRatePlanChargeId": text("it.charge.source.id"),
    "chargeNumber": text(lambda r: r.it.charge.number or None),
    "chargeName": text("it.name"),
    "serviceStartDate": day("it.start"),
    "serviceEndDate": day(lambda r: r.it.end - timedelta(days=1)),
    "quantity": number(_quantity),
    "unitPrice": number("it.price"),
    "taxAmount": money("it.tax"),
    "taxMode": text(lambda r: "TaxExclusive" if r.it.taxes else None),
    "description": text("it.comment"),
    "accountId": text("up.account.id"),
    "processingType": text(lambda r: "Discount" if r.it.charge.source.discount else "Charge"),
    "chargeDate": moment("it.created_at"),
}

INVOICE_ITEM: Vocabulary = {
    **_LINE,
    "invoiceId": text("up.id"),
    "chargeAmount": money("it.net"),
    "balance": money(lambda r: r.it.net - r.it.credited),
    "taxCode": text("it.charge.source.tax_code"),
    "sKU": text("it.charge.source.plan.product.sku"),
    "uOM": text("it.charge.source.unit"),
    "productId": text("it.charge.source.plan.product.id"),
    "productRatePlanId": text("it.charge.source.plan.id"),
    "appliedToInvoiceItemId": text(lambda r: id_of(r.it.discounted)),
    "availableToCreditAmount": money(lambda r: r.it.net - r.it.credited),
    "sourceItemType": text(
        lambda r: "SubscriptionComponent" if r.it.subscription.number else "ProductRatePlanCharge"
    ),
}

CREDIT_MEMO_ITEM: Vocabulary = {
    **_LINE,
    "creditMemoId": text("up.id"),
    "amount": money("it.net"),
    "amountWithoutTax": money("it.net"),
    "sku": text("it.charge.source.plan.product.sku"),
    "unitOfMeasure": text("it.charge.source.unit"),
    "taxCodeName": text("it.charge.source.tax_code"),
    "invoiceItemId": text(lambda r: id_of(r.it.source)),
    "creditFromItemId": text(lambda r: id_of(r.it.source)),
    "sourceItemType": text(lambda r: "InvoiceDetail" if r.it.source else "SubscriptionComponent"),
}


DEBIT_MEMO_ITEM: Vocabulary = {
    **_LINE,
    "debitMemoId": text("up.id"),
    "amount": money("it.net"),
    "amountWithoutTax": money("it.net"),
    "balance": money(lambda r: r.it.net + r.it.tax - r.up.settled(r.it) if r.up.posted_at else 0),
    "beAppliedByOthersAmount": money(lambda r: r.up.settled(r.it)),
    "sku": text("it.charge.source.plan.product.sku"),
    "unitOfMeasure": text("it.charge.source.unit"),
    "taxCodeName": text("it.charge.source.tax_code"),
    "invoiceItemId": text(lambda r: id_of(r.it.source) if r.up.invoice else None),
    "creditMemoItemId": text(lambda r: id_of(r.it.source) if r.up.memo else None),
    "sourceItemType": text(lambda r: r.up.source_of(r.it)),
}


def _tax(own: str) -> Vocabulary:
    """Fields of a tax of an item. up: the item's row; it: the tax; own: the item's id."""
    return {
        **common(),
        own: text("up.id"),
        "name": text("it.name"),
        "jurisdiction": text("it.jurisdiction"),
        "locationCode": text("it.location"),
        "taxAmount": money("it.amount"),
        "exemptAmount": money("it.exempt"),
        "taxableAmount": money("up.it.net"),
        "creditAmount": money("it.credited"),
        "balance": money(lambda r: r.it.amount - r.it.credited),
        "taxRate": number("it.rate"),
        "taxRateType": text("it.rate_type"),
        "taxCode": text("it.code"),
        "taxDate": day("it.on"),
        "taxMode": text("it.mode"),
    }


TAXATION_ITEM: Vocabulary = _tax("invoiceItemId")
CREDIT_TAXATION_ITEM: Vocabulary = {
    **_tax("creditMemoItemId"),
    "sourceTaxItemId": text("it.source"),
}
DEBIT_TAXATION_ITEM: Vocabulary = {**_tax("debitMemoItemId"), "taxationItemId": text("it.source")}
