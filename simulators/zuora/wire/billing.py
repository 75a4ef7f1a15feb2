"""Answers about bill runs, invoices and credit memos."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from simulators.kit.money import major
from simulators.zuora.rules.calendar import stamp
from simulators.zuora.rules.catalogue import ONE_TIME, RECURRING, USAGE
from simulators.zuora.rules.documents import (
    FROM_CHARGE,
    CreditMemo,
    Invoice,
    Item,
    TaxItem,
    subscriptions_of,
)
from simulators.zuora.rules.rating import DISCOUNTS, FLAT_FEE
from simulators.zuora.rules.receipts import BillRun
from simulators.zuora.wire.contract import inclusive
from simulators.zuora.wire.party import organization


def run(r: BillRun) -> dict[str, Any]:
    """A bill run; without `success`."""
    return {
        "id": r.id,
        "billRunNumber": r.number,
        "name": r.name,
        "status": r.status,
        "targetDate": r.target.isoformat(),
        "invoiceDate": r.invoice_date.isoformat(),
        "batches": list(r.batches) or ["AllBatches"],
        "billCycleDay": r.bill_cycle_day,
        "billRunFilters": [dict(each) for each in r.filters],
        "chargeTypeToExclude": sorted(r.skipped),
        "noEmailForZeroAmountInvoice": False,
        "includeSubscriptions": True,
        "includeOrderLineItems": True,
        "autoEmail": False,
        "autoPost": r.auto_post,
        "autoRenewal": r.auto_renew,
        "createdDate": stamp(r.created_at),
        "updatedDate": stamp(r.updated_at),
    }


def invoice(i: Invoice) -> dict[str, Any]:
    """An invoice of GET /v1/invoices/{key}; without `success`. A reversed one stays Posted."""
    currency, net, tax = i.currency, i.net, i.tax
    return {
        "id": i.id,
        "invoiceNumber": i.number,
        "accountId": i.account.id,
        "accountNumber": i.account.number,
        **organization(i.account),
        "amount": major(net + tax, currency),
        "amountWithoutTax": major(net, currency),
        "taxAmount": major(tax, currency),
        "taxExemptAmount": major(0, currency),
        "discount": major(0, currency),
        "balance": major(i.balance, currency),
        "paymentAmount": major(i.paid, currency),
        "creditMemoAmount": major(i.credited, currency),
        "currency": currency,
        "status": i.status,
        "reversed": i.reversed,
        "invoiceDate": i.on.isoformat(),
        "dueDate": i.due.isoformat(),
        "targetDate": i.target.isoformat(),
        "paymentTerm": i.account.payment_term,
        "autoPay": i.account.auto_pay if i.auto_pay is None else i.auto_pay,
        "comments": i.comments,
        "adjustmentAmount": major(0, currency),
        "creditBalanceAdjustmentAmount": major(0, currency),
        "refundAmount": major(0, currency),
        "source": "BillRun" if i.run else "API",
        "sourceId": i.run or None,
        "sourceType": "Subscription" if subscriptions_of(i.items) else "Standalone",
        "billRunId": i.run_id or None,
        "includesRecurring": _includes(i, RECURRING),
        "includesOneTime": _includes(i, ONE_TIME),
        "includesUsage": _includes(i, USAGE),
        "billToContactId": i.account.bill_to.get("id"),
        "postedDate": stamp(i.posted_at) if i.posted_at else None,
        "createdDate": stamp(i.created_at),
        "updatedDate": stamp(i.updated_at),
        **i.custom,
    }


def _includes(i: Invoice, kind: str) -> bool:
    return any(item.charge.source.kind == kind for item in i.items.values())


def invoice_item(item: Item, currency: str) -> dict[str, Any]:
    """An item of GET /v1/invoices/{key}/items; service dates are inclusive."""
    return {
        **line(item),
        "chargeAmount": major(item.net, currency),
        "taxAmount": major(item.tax, currency),
        "availableToCreditAmount": major(item.net - item.credited, currency),
        "chargeDate": stamp(item.created_at),
        "chargeId": item.charge.id or None,
        "chargeType": item.charge.source.kind,
        "subscriptionName": item.subscription.number or None,
        "productName": item.charge.source.plan.product.name,
        "processingType": "Discount" if item.charge.source.discount else "Charge",
        "appliedToItemId": item.discounted.id if item.discounted else None,
        "taxCode": item.charge.source.tax_code,
        "taxMode": "TaxExclusive" if item.taxes else None,
        "taxationItems": {"data": [tax_item(tax, currency) for tax in item.taxes]},
    }


def forecast(item: Item, currency: str) -> dict[str, Any]:
    """A line of POST /v1/operations/billing-preview; it has no id, since nothing is kept."""
    shown = {**line(item), "id": None, "chargeAmount": major(item.net, currency), "taxAmount": 0}
    shown["chargeType"] = item.charge.source.kind
    shown["subscriptionName"] = item.subscription.number
    shown["productName"] = item.charge.source.plan.product.name
    shown["processingType"] = "Discount" if item.charge.source.discount else "Charge"
    return shown


def line(item: Item) -> dict[str, Any]:
    """What the lines of all documents have in common."""
    source = item.charge.source
    sku = source.plan.product.sku
    return {
        "id": item.id,
        "subscriptionId": item.subscription.id or None,
        "subscriptionNumber": item.subscription.number or None,
        "chargeNumber": item.charge.number or None,
        "chargeName": item.name,
        "productRatePlanChargeId": source.id or None,
        "sku": sku,
        "SKU": sku,
        "serviceStartDate": item.start.isoformat(),
        "serviceEndDate": inclusive(item.end),
        "quantity": Decimal(1) if source.model in (FLAT_FEE, *DISCOUNTS) else item.quantity,
        "unitPrice": item.price,
        "unitOfMeasure": source.unit,
        "description": item.comment,
    }


def tax_item(tax: TaxItem, currency: str) -> dict[str, Any]:
    """A taxation item."""
    return {
        "id": tax.id,
        "name": tax.name,
        "jurisdiction": tax.jurisdiction,
        "locationCode": tax.location,
        "taxAmount": major(tax.amount, currency),
        "availableToCreditAmount": major(tax.amount - tax.credited, currency),
        "exemptAmount": major(tax.exempt, currency),
        "taxRate": tax.rate,
        "taxRateType": tax.rate_type,
        "taxCode": tax.code,
        "taxDate": tax.on.isoformat() if tax.on else None,
        "taxMode": tax.mode,
        "sourceTaxItemId": tax.source,
    }


def taxed(items: list[tuple[Item, TaxItem]], currency: str, member: str) -> Mapping[str, Any]:
    """Answer of POST …/taxation-items."""
    shown = [{**tax_item(tax, currency), member: item.id} for item, tax in items]
    return {"success": True, "taxationItems": shown}


def memo(m: CreditMemo) -> dict[str, Any]:
    """A credit memo of GET /v1/credit-memos/{key}; without `success`. It has no balance."""
    currency, net, tax = m.currency, m.net, m.tax
    return {
        "id": m.id,
        "number": m.number,
        "accountId": m.account.id,
        "accountNumber": m.account.number,
        "amount": major(net + tax, currency),
        "taxAmount": major(tax, currency),
        "totalTaxExemptAmount": major(0, currency),
        "appliedAmount": major(sum(amount for _, amount in m.applied), currency),
        "refundAmount": major(m.refunded, currency),
        "unappliedAmount": major(m.unapplied, currency),
        "currency": currency,
        "status": m.status,
        "reversed": m.reversed,
        "creditMemoDate": m.on.isoformat(),
        "targetDate": m.target.isoformat() if m.target else None,
        "referredInvoiceId": m.invoice.id if m.invoice else None,
        "source": "BillRun" if m.run else "API",
        "sourceId": m.run or None,
        "sourceType": _source_type(m),
        "reasonCode": m.reason,
        "comment": m.comment,
        "autoApplyUponPosting": m.auto_apply,
        "excludeFromAutoApplyRules": False,
        "postedOn": stamp(m.posted_at) if m.posted_at else None,
        "cancelledOn": stamp(m.cancelled_at) if m.cancelled_at else None,
        "createdDate": stamp(m.created_at),
        "updatedDate": stamp(m.updated_at),
        **m.custom,
    }


def _source_type(m: CreditMemo) -> str:
    if m.invoice is not None:
        return "Invoice"
    return "Standalone" if m.source == FROM_CHARGE else "Subscription"


def _source_item(m: CreditMemo, item: Item) -> str:
    if item.source is not None:
        return "DebitMemoItem" if m.forgives else "InvoiceDetail"
    return "SubscriptionComponent" if item.subscription.number else "ProductRatePlanCharge"


def memo_item(m: CreditMemo, item: Item) -> dict[str, Any]:
    """An item of GET /v1/credit-memos/{key}/items; service dates are inclusive."""
    currency, came_from = m.currency, "DebitMemo" if m.forgives else "Invoice"
    return {
        **line(item),
        "skuName": item.charge.source.plan.product.name,
        "amount": major(item.net, currency),  # exclusive tax stands beside it
        "amountWithoutTax": major(item.net, currency),
        "taxAmount": major(item.tax, currency),
        "creditFromItemId": item.source.id if item.source else None,
        "creditFromItemSource": f"{came_from}Item" if item.source else None,
        "sourceItemId": item.source.id if item.source else None,
        "sourceItemType": _source_item(m, item),
        "createdDate": stamp(item.created_at),
        "taxationItems": {"data": [tax_item(tax, currency) for tax in item.taxes]},
    }
