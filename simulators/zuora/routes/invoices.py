"""Paths of invoices."""

from __future__ import annotations

from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.zuora.routes.applied import application_parts
from simulators.zuora.routes.listing import listed
from simulators.zuora.routes.paging import page
from simulators.zuora.rules import accounts, invoices, retracting, revising, standalone
from simulators.zuora.rules.amounts import whole
from simulators.zuora.rules.documents import DRAFT, POSTED
from simulators.zuora.rules.refusal import MISSING, Refused, not_found, wrong_state
from simulators.zuora.rules.sandbox import Sandbox
from simulators.zuora.wire import billing, documents, invoicing
from simulators.zuora.wire import revising as changes
from simulators.zuora.wire.shape import read


async def create_invoice(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/invoices: standalone."""
    shape = read(invoicing.NewInvoice, call)
    key = shape.accountId or shape.accountNumber
    if not key:
        raise Refused(MISSING, "'accountId' or 'accountNumber' is required.", "accountId")
    account = accounts.find(rules.state, key)
    made = standalone.invoice(rules.state, account, shape.wish(account.currency))
    return json_reply(200, {"success": True, **billing.invoice(made)})


async def list_invoices(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/invoices, paged; accountId, status, … narrow it."""
    return listed(rules.state, call, "Invoice", "invoices", billing.invoice)


async def get_invoice(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/invoices/{key}."""
    found = invoices.find(rules.state, call.params["key"])
    return json_reply(200, {"success": True, **billing.invoice(found)})


async def update_invoice(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/invoices/{key}: dates and items only of a draft."""
    found = invoices.find(rules.state, call.params["key"])
    shape = read(changes.InvoiceChange, call)
    if found.status not in (DRAFT, POSTED):
        raise wrong_state("invoice", found.number, found.status, "update")
    if shape.invoiceDate is not None and found.status != DRAFT:
        raise wrong_state("invoice", found.number, found.status, "change the date of")
    if shape.invoiceItems:
        wanted = [item.change(found.currency, found.on) for item in shape.invoiceItems]
        revising.revise(rules.state, found, wanted)
    found.on = shape.invoiceDate or found.on
    found.due = shape.dueDate or found.due
    if shape.comments is not None:
        found.comments = shape.comments
    if shape.autoPay is not None:
        found.auto_pay = shape.autoPay
    found.custom.update(shape.custom_fields())
    invoices.changed(rules.state, found, "invoice", "updated")
    return json_reply(200, {"success": True, **billing.invoice(found)})


async def list_invoice_items(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/invoices/{key}/items, paged."""
    found = invoices.find(rules.state, call.params["key"])
    items, currency = list(found.items.values()), found.currency
    return page(call, items, "invoiceItems", lambda item: billing.invoice_item(item, currency))


async def list_item_taxes(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/invoices/{key}/items/{item}/taxation-items, paged."""
    found = invoices.find(rules.state, call.params["key"])
    item = found.items.get(call.params["item"])
    if item is None:
        raise not_found("invoice item", call.params["item"])
    return page(call, item.taxes, "data", lambda tax: billing.tax_item(tax, found.currency))


async def tax_invoice(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/invoices/{key}/taxation-items."""
    found = invoices.find(rules.state, call.params["key"])
    shape = read(documents.TaxationItems, call)
    wishes = [item.wish(found.currency, "invoiceItemId") for item in shape.taxationItems]
    added = invoices.add_taxes(rules.state, found, "invoice", wishes)
    return json_reply(200, billing.taxed(added, found.currency, "invoiceItemId"))


async def list_application_parts(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/invoices/{key}/application-parts, paged: what paid or credited it."""
    found = invoices.find(rules.state, call.params["key"])
    return page(call, application_parts(rules.state, found), "applicationParts", dict)


async def list_files(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/invoices/{key}/files: no files are made here."""
    invoices.find(rules.state, call.params["key"])
    return page(call, [], "invoiceFiles", dict)


async def post_invoice(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/invoices/{key}/post: over at once, as the vendor does with short invoices."""
    found = invoices.find(rules.state, call.params["key"])
    shape = read(invoicing.Posting, call)
    if shape.invoiceDate is not None and found.status == DRAFT:
        found.on = shape.invoiceDate
    invoices.post(rules.state, found)
    return json_reply(200, {"success": True, **billing.invoice(found)})


async def unpost_invoice(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/invoices/{key}/unpost."""
    found = invoices.find(rules.state, call.params["key"])
    retracting.unpost_owed(rules.state, found)
    shown = billing.invoice(found)
    return json_reply(200, {"success": True, **shown, "invoice": shown})


async def cancel_invoice(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/invoices/{key}/cancel."""
    found = invoices.find(rules.state, call.params["key"])
    retracting.cancel_invoice(rules.state, found)
    return json_reply(200, {"success": True, "id": found.id})


async def delete_invoice(rules: Sandbox, call: Call) -> Reply:
    """DELETE /v1/invoices/{key}: what it did stays to be read as a job."""
    found = invoices.find(rules.state, call.params["key"])
    retracting.delete_invoice(rules.state, found)
    job = rules.state.operated(found.id, "Invoice", "Delete")
    return json_reply(
        200,
        {
            "success": True,
            "id": job.id,
            "objectId": found.id,
            "objectType": job.kind,
            "operationType": job.act,
            "status": job.status,
        },
    )


async def reverse_invoice(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/invoices/{key}/reverse."""
    found = invoices.find(rules.state, call.params["key"])
    shape = read(documents.Reversal, call)
    on = shape.memoDate or rules.state.today()
    memo = invoices.reverse(rules.state, found, on, shape.reasonCode, shape.comment)
    return json_reply(
        200, {"success": True, "id": found.id, "creditMemo": {"id": memo.id, "number": memo.number}}
    )


async def write_off_invoice(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/invoices/{key}/write-off."""
    found = invoices.find(rules.state, call.params["key"])
    shape = read(invoicing.WriteOff, call)
    amount = None if shape.amount is None else whole(shape.amount, found.currency, "amount")
    on = shape.memoDate or rules.state.today()
    memo = retracting.write_off(rules.state, found, on, amount, shape.reasonCode, shape.comment)
    return json_reply(200, {"success": True, "creditMemo": {"id": memo.id, "number": memo.number}})


async def email_invoice(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/invoices/{key}/emails: nothing is sent from here."""
    found = invoices.find(rules.state, call.params["key"])
    read(invoicing.EmailRequest, call)
    if found.status != POSTED:
        raise wrong_state("invoice", found.number, found.status, "email")
    return json_reply(200, {"success": True})


_I = "/v1/invoices"
TABLE = (
    Route("POST", _I, "create_standalone_invoice", create_invoice, "standalone", invoicing.NewInvoice),
    Route("GET", _I, "list_invoices", list_invoices, "invoices, paged"),
    Route("GET", f"{_I}/{{key}}", "get_invoice", get_invoice, "an invoice by id or number"),
    Route("PUT", f"{_I}/{{key}}", "update_invoice", update_invoice, "change one", changes.InvoiceChange),
    Route("DELETE", f"{_I}/{{key}}", "delete_invoice", delete_invoice, "forget one that is not posted"),
    Route("GET", f"{_I}/{{key}}/items", "list_invoice_items", list_invoice_items, "its items, paged"),
    Route(
        "GET",
        f"{_I}/{{key}}/items/{{item}}/taxation-items",
        "get_taxation_items_of_invoice_item",
        list_item_taxes,
        "taxes of an item, paged",
    ),
    Route(
        "GET",
        f"{_I}/{{key}}/application-parts",
        "get_invoice_application_parts",
        list_application_parts,
        "what paid or credited an invoice",
    ),
    Route(
        "GET", f"{_I}/{{key}}/files", "get_invoice_files", list_files, "its files, of which there are none"
    ),
    Route(
        "POST",
        f"{_I}/{{key}}/taxation-items",
        "create_invoice_taxation_items",
        tax_invoice,
        "tax the items of a draft",
        documents.TaxationItems,
    ),
    Route("PUT", f"{_I}/{{key}}/post", "post_invoice", post_invoice, "post a draft"),
    Route("PUT", f"{_I}/{{key}}/unpost", "unpost_invoice", unpost_invoice, "make it a draft again"),
    Route("PUT", f"{_I}/{{key}}/cancel", "cancel_invoice", cancel_invoice, "cancel a draft"),
    Route("POST", f"{_I}/{{key}}/emails", "email_invoice", email_invoice, "mail a posted invoice"),
    Route(
        "PUT",
        f"{_I}/{{key}}/reverse",
        "reverse_invoice",
        reverse_invoice,
        "take a posted invoice back",
        documents.Reversal,
    ),
    Route(
        "PUT",
        f"{_I}/{{key}}/write-off",
        "write_off_invoice",
        write_off_invoice,
        "forgive what is owed",
        invoicing.WriteOff,
    ),
)
