"""Paths of bill runs and invoices."""

from __future__ import annotations

from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.zuora.routes.paging import page
from simulators.zuora.rules import invoices, runs
from simulators.zuora.rules.sandbox import Sandbox
from simulators.zuora.wire import billing, documents
from simulators.zuora.wire.shape import read


async def create_bill_run(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/bill-runs: answers at once, the run goes on."""
    wish = read(documents.NewRun, call).wish()
    run = runs.start(rules.state, wish, rules.agenda, float(rules.bill_run_seconds))
    return json_reply(200, {"success": True, **billing.run(run)})


async def get_bill_run(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/bill-runs/{key}."""
    run = runs.find(rules.state, call.params["key"])
    return json_reply(200, {"success": True, **billing.run(run)})


async def get_invoice(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/invoices/{key}."""
    found = invoices.find(rules.state, call.params["key"])
    return json_reply(200, {"success": True, **billing.invoice(found)})


async def list_invoice_items(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/invoices/{key}/items, paged."""
    found = invoices.find(rules.state, call.params["key"])
    items, currency = list(found.items.values()), found.currency
    return page(call, items, "invoiceItems", lambda item: billing.invoice_item(item, currency))


async def tax_invoice(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/invoices/{key}/taxation-items."""
    found = invoices.find(rules.state, call.params["key"])
    shape = read(documents.TaxationItems, call)
    wishes = [item.wish(found.currency, "invoiceItemId") for item in shape.taxationItems]
    added = invoices.add_taxes(rules.state, found, "invoice", wishes)
    return json_reply(200, billing.taxed(added, found.currency, "invoiceItemId"))


async def post_invoice(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/invoices/{key}/post."""
    found = invoices.find(rules.state, call.params["key"])
    invoices.post(rules.state, found)
    return json_reply(200, {"success": True, **billing.invoice(found)})


async def reverse_invoice(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/invoices/{key}/reverse."""
    found = invoices.find(rules.state, call.params["key"])
    shape = read(documents.Reversal, call)
    on = shape.memoDate or rules.state.today()
    memo = invoices.reverse(rules.state, found, on, shape.reasonCode, shape.comment)
    return json_reply(
        200, {"success": True, "id": found.id, "creditMemo": {"id": memo.id, "number": memo.number}}
    )


TABLE = (
    Route("POST", "/v1/bill-runs", "create_bill_run", create_bill_run, "start a run", documents.NewRun),
    Route("GET", "/v1/bill-runs/{key}", "get_bill_run", get_bill_run, "a bill run by id or number"),
    Route("GET", "/v1/invoices/{key}", "get_invoice", get_invoice, "an invoice by id or number"),
    Route("GET", "/v1/invoices/{key}/items", "list_invoice_items", list_invoice_items, "its items, paged"),
    Route(
        "POST",
        "/v1/invoices/{key}/taxation-items",
        "create_invoice_taxation_items",
        tax_invoice,
        "tax the items of a draft",
        documents.TaxationItems,
    ),
    Route("PUT", "/v1/invoices/{key}/post", "post_invoice", post_invoice, "post a draft"),
    Route(
        "PUT",
        "/v1/invoices/{key}/reverse",
        "reverse_invoice",
        reverse_invoice,
        "take a posted invoice back",
        documents.Reversal,
    ),
)
