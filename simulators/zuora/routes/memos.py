"""Paths of credit memos."""

from __future__ import annotations

from dataclasses import replace

from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.zuora.routes.listing import listed
from simulators.zuora.routes.paging import page
from simulators.zuora.routes.parts import memo_wish, parts_of
from simulators.zuora.rules import accounts, debits, invoices, memos, retracting, revising, standalone
from simulators.zuora.rules.amounts import whole
from simulators.zuora.rules.documents import DRAFT
from simulators.zuora.rules.invoices import add_taxes
from simulators.zuora.rules.memos import RefundWish
from simulators.zuora.rules.refusal import INVALID, MISSING, Refused, not_found, wrong_state
from simulators.zuora.rules.sandbox import Sandbox
from simulators.zuora.wire import billing, documents, from_invoice, invoicing, money
from simulators.zuora.wire import revising as changes
from simulators.zuora.wire.shape import read


async def get_memo(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/credit-memos/{key}."""
    found = memos.find(rules.state, call.params["key"])
    return json_reply(200, {"success": True, **billing.memo(found)})


async def list_memo_items(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/credit-memos/{key}/items, paged."""
    found = memos.find(rules.state, call.params["key"])
    return page(call, list(found.items.values()), "items", lambda item: billing.memo_item(found, item))


async def credit_invoice(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/credit-memos/invoice/{key}."""
    invoice = invoices.find(rules.state, call.params["key"])
    shape = read(from_invoice.CreditFromInvoice, call)
    if shape.invoiceId not in (None, invoice.id, invoice.number):
        raise Refused(INVALID, "invoiceId and the path name different invoices.", "invoiceId")
    wish = replace(
        memo_wish(shape, invoice.currency, rules.state.today()),
        number=shape.memoNumber,
        auto_apply=shape.autoApplyToInvoiceUponPosting,
    )
    made = memos.from_invoice(rules.state, invoice, wish)
    return json_reply(200, {"success": True, **billing.memo(made)})


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
    memos.apply(rules.state, found, parts_of(rules.state, shape, found.currency, needed=True))
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
    made = await rules.cashier.give_back_memo(found, wish, shape.paymentMethodId or "")
    return json_reply(200, {"success": True, **money.refund(made)})


async def create_memo(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/credit-memos: from charges of the catalogue."""
    shape, state = read(invoicing.NewMemo, call), rules.state
    key = shape.accountId or shape.accountNumber
    if not key:
        raise Refused(MISSING, "'accountId' or 'accountNumber' is required.", "accountId")
    account = accounts.find(state, key)
    made = standalone.memo(state, account, shape.wish(account.currency, state.today()))
    return json_reply(200, {"success": True, **billing.memo(made)})


async def list_memos(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/credit-memos, paged; the list is called `creditmemos`."""
    return listed(rules.state, call, "CreditMemo", "creditmemos", billing.memo)


async def get_memo_item(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/credit-memos/{key}/items/{item}."""
    found = memos.find(rules.state, call.params["key"])
    item = found.items.get(call.params["item"])
    if item is None:
        raise not_found("credit memo item", call.params["item"])
    return json_reply(200, {"success": True, **billing.memo_item(found, item)})


async def update_memo(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/credit-memos/{key}: the date and the items only of a draft."""
    found = memos.find(rules.state, call.params["key"])
    shape = read(changes.CreditMemoChange, call)
    if shape.effectiveDate is not None and found.status != DRAFT:
        raise wrong_state("credit memo", found.number, found.status, "update")
    if shape.items:
        wanted = [item.change(found.currency, found.on) for item in shape.items]
        revising.revise(rules.state, found, wanted)
    found.on = shape.effectiveDate or found.on
    found.comment = found.comment if shape.comment is None else shape.comment
    found.reason = shape.reasonCode or found.reason
    if shape.autoApplyUponPosting is not None:
        found.auto_apply = shape.autoApplyUponPosting
    found.custom.update(shape.custom_fields())
    memos.changed(rules.state, found, "updated")
    return json_reply(200, {"success": True, **billing.memo(found)})


async def unapply_memo(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/credit-memos/{key}/unapply: off all documents where none is named."""
    found = memos.find(rules.state, call.params["key"])
    shape = read(money.Application, call)
    parts = parts_of(rules.state, shape, found.currency) or list(found.applied)
    retracting.unapply_memo(rules.state, found, parts)
    return json_reply(200, {"success": True, **billing.memo(found)})


async def unpost_memo(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/credit-memos/{key}/unpost."""
    found = memos.find(rules.state, call.params["key"])
    retracting.unpost_memo(rules.state, found)
    return json_reply(200, {"success": True, **billing.memo(found)})


async def cancel_memo(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/credit-memos/{key}/cancel."""
    found = memos.find(rules.state, call.params["key"])
    retracting.cancel_memo(rules.state, found)
    return json_reply(200, {"success": True, **billing.memo(found)})


async def delete_memo(rules: Sandbox, call: Call) -> Reply:
    """DELETE /v1/credit-memos/{key}."""
    retracting.delete_memo(rules.state, memos.find(rules.state, call.params["key"]))
    return json_reply(200, {"success": True})


async def reverse_memo(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/credit-memos/{key}/reverse: by a debit memo."""
    found = memos.find(rules.state, call.params["key"])
    shape = read(documents.Reversal, call)
    on = shape.memoDate or rules.state.today()
    made = debits.reverse_credit(rules.state, found, on, shape.reasonCode, shape.comment)
    shown = {"id": found.id, "creditMemo": {"id": found.id}, "debitMemo": {"id": made.id}}
    return json_reply(200, {"success": True, **shown})


async def write_off_memo(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/credit-memos/{key}/write-off: by a debit memo."""
    found = memos.find(rules.state, call.params["key"])
    shape = read(documents.Reversal, call)
    on = shape.memoDate or rules.state.today()
    made = debits.write_off_credit(rules.state, found, on, shape.reasonCode, shape.comment)
    return json_reply(200, {"success": True, "debitMemo": {"id": made.id}})


_M = "/v1/credit-memos"
_K = f"{_M}/{{key}}"
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
        from_invoice.CreditFromInvoice,
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
        "put credit against invoices and debit memos",
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
    Route("POST", _M, "create_credit_memo_from_charge", create_memo, "from charges", invoicing.NewMemo),
    Route("GET", f"{_K}/items/{{item}}", "get_credit_memo_item", get_memo_item, "one of its items"),
    Route(
        "PUT",
        _K,
        "update_credit_memo",
        update_memo,
        "change one",
        changes.CreditMemoChange,
    ),
    Route("PUT", f"{_K}/unapply", "unapply_credit_memo", unapply_memo, "off", money.Application),
    Route("PUT", f"{_K}/unpost", "unpost_credit_memo", unpost_memo, "make it a draft again"),
    Route("PUT", f"{_K}/cancel", "cancel_credit_memo", cancel_memo, "cancel a draft"),
    Route("DELETE", _K, "delete_credit_memo", delete_memo, "forget a canceled memo"),
    Route(
        "PUT",
        f"{_K}/reverse",
        "reverse_credit_memo",
        reverse_memo,
        "take a credit memo back by a debit memo",
        documents.Reversal,
    ),
    Route(
        "PUT",
        f"{_K}/write-off",
        "write_off_credit_memo",
        write_off_memo,
        "give up",
        documents.Reversal,
    ),
)
