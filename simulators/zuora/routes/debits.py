"""Paths of debit memos."""

from __future__ import annotations

from dataclasses import replace

from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.zuora.routes.applied import application_parts
from simulators.zuora.routes.listing import listed
from simulators.zuora.routes.paging import page
from simulators.zuora.routes.parts import memo_wish
from simulators.zuora.rules import accounts, debits, invoices, retracting, revising
from simulators.zuora.rules.amounts import whole
from simulators.zuora.rules.documents import DRAFT, POSTED, DebitMemo, Item
from simulators.zuora.rules.refusal import INVALID, MISSING, Refused, not_found, wrong_state
from simulators.zuora.rules.sandbox import Sandbox
from simulators.zuora.wire import billing, documents, from_invoice, invoicing
from simulators.zuora.wire import debits as shapes
from simulators.zuora.wire import revising as changes
from simulators.zuora.wire.shape import read


def _found(rules: Sandbox, call: Call) -> DebitMemo:
    return debits.find(rules.state, call.params["key"])


def _shown(memo: DebitMemo) -> Reply:
    return json_reply(200, {"success": True, **shapes.memo(memo)})


async def create_memo(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/debit-memos: from charges of the catalogue."""
    shape, state = read(shapes.NewDebitMemo, call), rules.state
    key = shape.accountId or shape.accountNumber
    if not key:
        raise Refused(MISSING, "'accountId' or 'accountNumber' is required.", "accountId")
    account = accounts.find(state, key)
    wish = shape.wish(account.currency, state.today())
    return _shown(debits.from_charges(state, account, wish))


async def debit_invoice(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/debit-memos/invoice/{key}."""
    invoice = invoices.find(rules.state, call.params["key"])
    shape = read(from_invoice.DebitFromInvoice, call)
    if shape.invoiceId not in (None, invoice.id, invoice.number):
        raise Refused(INVALID, "invoiceId and the path name different invoices.", "invoiceId")
    wish = replace(memo_wish(shape, invoice.currency, rules.state.today()), auto_pay=shape.autoPay)
    return _shown(debits.from_invoice(rules.state, invoice, wish))


async def list_memos(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/debit-memos, paged; the list is called `debitmemos`."""
    return listed(rules.state, call, "DebitMemo", "debitmemos", shapes.memo)


async def get_memo(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/debit-memos/{key}."""
    return _shown(_found(rules, call))


async def list_items(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/debit-memos/{key}/items, paged."""
    found = _found(rules, call)
    return page(call, list(found.items.values()), "items", lambda item: shapes.item(found, item))


def _item(found: DebitMemo, call: Call) -> Item:
    item = found.items.get(call.params["item"])
    if item is None:
        raise not_found("debit memo item", call.params["item"])
    return item


async def get_item(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/debit-memos/{key}/items/{item}."""
    found = _found(rules, call)
    return json_reply(200, {"success": True, **shapes.item(found, _item(found, call))})


async def list_item_taxes(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/debit-memos/{key}/items/{item}/taxation-items, paged."""
    found = _found(rules, call)
    taxes = _item(found, call).taxes
    return page(call, taxes, "data", lambda tax: billing.tax_item(tax, found.currency))


async def tax_memo(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/debit-memos/{key}/taxation-items."""
    found = _found(rules, call)
    shape = read(documents.TaxationItems, call)
    wishes = [item.wish(found.currency, "memoItemId") for item in shape.taxationItems]
    added = invoices.add_taxes(rules.state, found, "debit_memo", wishes)
    return json_reply(200, billing.taxed(added, found.currency, "memoItemId"))


async def update_memo(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/debit-memos/{key}: the date and the items only of a draft."""
    found = _found(rules, call)
    shape = read(changes.DebitMemoChange, call)
    if shape.effectiveDate is not None and found.status != DRAFT:
        raise wrong_state("debit memo", found.number, found.status, "update")
    if shape.items:
        wanted = [item.change(found.currency, found.on) for item in shape.items]
        revising.revise(rules.state, found, wanted)
    found.on, found.due = shape.effectiveDate or found.on, shape.dueDate or found.due
    found.comment = found.comment if shape.comment is None else shape.comment
    found.reason = shape.reasonCode or found.reason
    found.auto_pay = found.auto_pay if shape.autoPay is None else shape.autoPay
    found.custom.update(shape.custom_fields())
    invoices.changed(rules.state, found, "debit_memo", "updated")
    return _shown(found)


async def update_due_dates(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/debit-memos: due dates of several, all of the request or nothing."""
    shape = read(shapes.DueDates, call)
    pairs = [(debits.find(rules.state, each.key), each.dueDate) for each in shape.debitMemos]
    for memo, due in pairs:
        memo.due = due
        invoices.changed(rules.state, memo, "debit_memo", "updated")
    return json_reply(200, {"success": True})


async def post_memo(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/debit-memos/{key}/post."""
    found = _found(rules, call)
    debits.post(rules.state, found)
    return _shown(found)


async def unpost_memo(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/debit-memos/{key}/unpost."""
    found = _found(rules, call)
    retracting.unpost_owed(rules.state, found)
    return _shown(found)


async def cancel_memo(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/debit-memos/{key}/cancel."""
    found = _found(rules, call)
    debits.cancel(rules.state, found)
    return _shown(found)


async def delete_memo(rules: Sandbox, call: Call) -> Reply:
    """DELETE /v1/debit-memos/{key}."""
    debits.delete(rules.state, _found(rules, call))
    return json_reply(200, {"success": True})


async def list_parts(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/debit-memos/{key}/application-parts, paged: what paid or credited it."""
    return page(call, application_parts(rules.state, _found(rules, call)), "applicationParts", dict)


async def write_off_memo(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/debitmemos/{key}/write-off: by a credit memo."""
    found = _found(rules, call)
    shape = read(invoicing.WriteOff, call)
    amount = None if shape.amount is None else whole(shape.amount, found.currency, "amount")
    on = shape.memoDate or rules.state.today()
    memo = retracting.write_off(rules.state, found, on, amount, shape.reasonCode, shape.comment)
    return json_reply(200, {"success": True, "creditMemo": {"id": memo.id}})


async def collect_memo(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/debit-memos/{key}/collect: with what the account has, then by a payment."""
    found, shape = _found(rules, call), read(shapes.Collect, call)
    if found.status != POSTED:
        raise wrong_state("debit memo", found.number, found.status, "collect")
    wish = shape.payment or shapes.CollectPayment()
    done = await rules.cashier.collect(
        found,
        kinds=shape.kinds(),
        pay=shape.collect,
        method=wish.paymentMethodId or "",
        gateway=wish.gatewayId or "",
    )
    return json_reply(200, {"success": True, **shapes.collected(found, *done)})


async def email_memo(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/debit-memos/{key}/emails: nothing is sent from here."""
    found = _found(rules, call)
    read(invoicing.EmailRequest, call)
    if found.status != POSTED:
        raise wrong_state("debit memo", found.number, found.status, "email")
    return json_reply(200, {"success": True})


_D = "/v1/debit-memos"
_K = f"{_D}/{{key}}"
TABLE = (
    Route("POST", _D, "create_debit_memo_from_charge", create_memo, "from charges", shapes.NewDebitMemo),
    Route(
        "POST",
        f"{_D}/invoice/{{key}}",
        "create_debit_memo_from_invoice",
        debit_invoice,
        "charge more for lines of a posted invoice",
        from_invoice.DebitFromInvoice,
    ),
    Route("GET", _D, "list_debit_memos", list_memos, "debit memos, paged"),
    Route("PUT", _D, "update_debit_memos_due_dates", update_due_dates, "due dates", shapes.DueDates),
    Route("GET", _K, "get_debit_memo", get_memo, "a debit memo by id or number"),
    Route("PUT", _K, "update_debit_memo", update_memo, "change one", changes.DebitMemoChange),
    Route("DELETE", _K, "delete_debit_memo", delete_memo, "forget a canceled debit memo"),
    Route("GET", f"{_K}/items", "list_debit_memo_items", list_items, "its items, paged"),
    Route("GET", f"{_K}/items/{{item}}", "get_debit_memo_item", get_item, "one of its items"),
    Route(
        "GET",
        f"{_K}/items/{{item}}/taxation-items",
        "get_taxation_items_of_debit_memo_item",
        list_item_taxes,
        "taxes of an item, paged",
    ),
    Route(
        "POST",
        f"{_K}/taxation-items",
        "create_debit_memo_taxation_items",
        tax_memo,
        "tax the items of a draft debit memo",
        documents.TaxationItems,
    ),
    Route("PUT", f"{_K}/post", "post_debit_memo", post_memo, "post a draft debit memo"),
    Route("PUT", f"{_K}/unpost", "unpost_debit_memo", unpost_memo, "make it a draft again"),
    Route("PUT", f"{_K}/cancel", "cancel_debit_memo", cancel_memo, "cancel a draft debit memo"),
    Route(
        "GET",
        f"{_K}/application-parts",
        "get_debit_memo_application_parts",
        list_parts,
        "what paid or credited a debit memo",
    ),
    Route(
        "PUT",
        "/v1/debitmemos/{key}/write-off",
        "write_off_debit_memo",
        write_off_memo,
        "forgive what is owed",
        invoicing.WriteOff,
    ),
    Route("POST", f"{_K}/collect", "collect_debit_memo", collect_memo, "collect one", shapes.Collect),
    Route("POST", f"{_K}/emails", "email_debit_memo", email_memo, "mail a posted debit memo"),
)
