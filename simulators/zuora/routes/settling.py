"""Paths of credit memos, payments and refunds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.zuora.routes.listing import listed
from simulators.zuora.routes.paging import page
from simulators.zuora.rules import accounts, invoices, memos, payments
from simulators.zuora.rules.amounts import whole
from simulators.zuora.rules.documents import Invoice
from simulators.zuora.rules.invoices import TaxWish, add_taxes
from simulators.zuora.rules.memos import CreditLine, MemoWish, RefundWish
from simulators.zuora.rules.payments import PaymentWish
from simulators.zuora.rules.refusal import INVALID, MISSING, Refused, not_found
from simulators.zuora.rules.sandbox import Sandbox
from simulators.zuora.rules.state import State
from simulators.zuora.wire import billing, documents, money
from simulators.zuora.wire.shape import read


async def get_memo(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/credit-memos/{key}."""
    found = memos.find(rules.state, call.params["key"])
    return json_reply(200, {"success": True, **billing.memo(found)})


async def list_memo_items(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/credit-memos/{key}/items, paged."""
    found = memos.find(rules.state, call.params["key"])
    currency = found.currency
    return page(call, list(found.items.values()), "items", lambda item: billing.memo_item(item, currency))


async def credit_invoice(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/credit-memos/invoice/{key}."""
    invoice = invoices.find(rules.state, call.params["key"])
    shape = read(money.CreditFromInvoice, call)
    if shape.invoiceId not in (None, invoice.id, invoice.number):
        raise Refused(INVALID, "invoiceId and the path name different invoices.", "invoiceId")
    wish = MemoWish(
        lines=tuple(_line(item, invoice.currency) for item in shape.items),
        on=shape.effectiveDate or rules.state.today(),
        number=shape.memoNumber,
        reason=shape.reasonCode,
        comment=shape.comment,
        auto_post=shape.autoPost,
        auto_apply=shape.autoApplyToInvoiceUponPosting,
    )
    made = memos.from_invoice(rules.state, invoice, wish)
    return json_reply(200, {"success": True, **billing.memo(made)})


def _line(item: money.CreditItem, currency: str) -> CreditLine:
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


async def tax_memo(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/credit-memos/{key}/taxation-items."""
    found = memos.find(rules.state, call.params["key"])
    shape = read(documents.TaxationItems, call)
    wishes = [item.wish(found.currency, "memoItemId") for item in shape.taxationItems]
    added = add_taxes(rules.state, found, "credit_memo", wishes)
    return json_reply(200, billing.taxed(added, found.currency, "memoItemId"))


async def post_memo(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/credit-memos/{key}/post."""
    found = memos.find(rules.state, call.params["key"])
    memos.post(rules.state, found)
    return json_reply(200, {"success": True, **billing.memo(found)})


async def apply_memo(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/credit-memos/{key}/apply."""
    found = memos.find(rules.state, call.params["key"])
    shape = read(money.Application, call)
    memos.apply(rules.state, found, _parts(rules.state, shape.invoices, found.currency))
    return json_reply(200, {"success": True, **billing.memo(found)})


async def refund_memo(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/credit-memos/{key}/refund."""
    found = memos.find(rules.state, call.params["key"])
    shape = read(money.NewRefund, call)
    wish = RefundWish(
        amount=whole(shape.totalAmount, found.currency, "totalAmount"),
        type=shape.type,
        method_type=shape.methodType,
        on=shape.refundDate or rules.state.today(),
        reference=shape.referenceId,
        reason=shape.reasonCode,
        comment=shape.comment,
    )
    made = memos.refund(rules.state, found, wish)
    return json_reply(200, {"success": True, **money.refund(made)})


async def get_refund(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/refunds/{key}."""
    found = rules.state.refunds.get(call.params["key"])
    if found is None:
        raise not_found("refund", call.params["key"])
    return json_reply(200, {"success": True, **money.refund(found)})


async def create_payment(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/payments."""
    shape = read(money.NewPayment, call)
    key = shape.accountId or shape.accountNumber
    if not key:
        raise Refused(MISSING, "'accountId' or 'accountNumber' is required.", "accountId")
    account = accounts.find(rules.state, key)
    wish = PaymentWish(
        amount=whole(shape.amount, account.currency, "amount"),
        currency=shape.currency,
        type=shape.type,
        on=shape.effectiveDate or rules.state.today(),
        number=shape.number,
        reference=shape.referenceId,
        method_type=shape.paymentMethodType,
        comment=shape.comment,
    )
    parts = _parts(rules.state, shape.invoices, account.currency)
    made = payments.receive(rules.state, account, wish, parts)
    return json_reply(200, {"success": True, **money.payment(made)})


async def apply_payment(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/payments/{key}/apply."""
    found = payments.find(rules.state, call.params["key"])
    shape = read(money.Application, call)
    payments.apply(rules.state, found, _parts(rules.state, shape.invoices, found.currency))
    return json_reply(200, {"success": True, **money.payment(found)})


async def get_payment(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/payments/{key}."""
    found = payments.find(rules.state, call.params["key"])
    return json_reply(200, {"success": True, **money.payment(found)})


async def list_payments(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/payments, paged; accountId, status, referenceId, … narrow it."""
    return listed(rules.state, call, "Payment", "payments", money.payment)


async def list_memos(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/credit-memos, paged; the list is called `creditmemos`."""
    return listed(rules.state, call, "CreditMemo", "creditmemos", billing.memo)


async def list_refunds(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/refunds, paged."""
    return listed(rules.state, call, "Refund", "refunds", money.refund)


def _parts(state: State, parts: Sequence[money.Part], currency: str) -> list[tuple[Invoice, int]]:
    found = []
    for part in parts:
        key = part.invoiceId or part.invoiceNumber
        if not key:
            raise Refused(MISSING, "'invoiceId' is required.", "invoiceId")
        found.append((invoices.find(state, key), whole(part.amount, currency, "amount")))
    return found


TABLE = (
    Route("GET", "/v1/credit-memos", "list_credit_memos", list_memos, "credit memos, paged"),
    Route("GET", "/v1/credit-memos/{key}", "get_credit_memo", get_memo, "a memo by id or number"),
    Route("GET", "/v1/credit-memos/{key}/items", "list_credit_memo_items", list_memo_items, "its items"),
    Route(
        "POST",
        "/v1/credit-memos/invoice/{key}",
        "create_credit_memo_from_invoice",
        credit_invoice,
        "credit lines of a posted invoice",
        money.CreditFromInvoice,
    ),
    Route(
        "POST",
        "/v1/credit-memos/{key}/taxation-items",
        "create_credit_memo_taxation_items",
        tax_memo,
        "tax the items of a draft memo",
        documents.TaxationItems,
    ),
    Route("PUT", "/v1/credit-memos/{key}/post", "post_credit_memo", post_memo, "post a draft memo"),
    Route(
        "PUT",
        "/v1/credit-memos/{key}/apply",
        "apply_credit_memo",
        apply_memo,
        "put credit against invoices",
        money.Application,
    ),
    Route(
        "POST",
        "/v1/credit-memos/{key}/refund",
        "refund_credit_memo",
        refund_memo,
        "record an external refund",
        money.NewRefund,
    ),
    Route("GET", "/v1/refunds", "list_refunds", list_refunds, "refunds, paged"),
    Route("GET", "/v1/refunds/{key}", "get_refund", get_refund, "a refund by id or number"),
    Route("POST", "/v1/payments", "create_payment", create_payment, "record a payment", money.NewPayment),
    Route("GET", "/v1/payments", "list_payments", list_payments, "payments, paged"),
    Route("GET", "/v1/payments/{key}", "get_payment", get_payment, "a payment by id or number"),
    Route(
        "PUT",
        "/v1/payments/{key}/apply",
        "apply_payment",
        apply_payment,
        "put unapplied money against invoices",
        money.Application,
    ),
)
