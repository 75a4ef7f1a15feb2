"""Paths of what a credit memo is put against, and of the taxes of its items."""

from __future__ import annotations

from typing import Any

from simulators.kit.money import major
from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.zuora.routes.paging import page
from simulators.zuora.rules import memos
from simulators.zuora.rules.calendar import stamp
from simulators.zuora.rules.documents import CreditMemo, DebitMemo, Invoice
from simulators.zuora.rules.refusal import not_found
from simulators.zuora.rules.sandbox import Sandbox
from simulators.zuora.wire import billing


def _parts(found: CreditMemo) -> list[dict[str, Any]]:
    """What stands against which document."""
    return [
        {
            "id": f"{found.id[:24]}{place:08x}",
            "amount": major(amount, found.currency),
            "invoiceId": document.id if isinstance(document, Invoice) else None,
            "debitMemoId": document.id if isinstance(document, DebitMemo) else None,
            "createdDate": stamp(found.posted_at),
            "updatedDate": stamp(found.updated_at),
        }
        for place, (document, amount) in enumerate(found.applied)
    ]


async def list_memo_parts(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/credit-memos/{key}/parts, paged."""
    return page(call, _parts(memos.find(rules.state, call.params["key"])), "parts", dict)


async def get_memo_part(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/credit-memos/{key}/parts/{part}."""
    for part in _parts(memos.find(rules.state, call.params["key"])):
        if part["id"] == call.params["part"]:
            return json_reply(200, {"success": True, **part})
    raise not_found("credit memo part", call.params["part"])


async def list_item_taxes(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/credit-memos/{key}/items/{item}/taxation-items, paged."""
    found = memos.find(rules.state, call.params["key"])
    item = found.items.get(call.params["item"])
    if item is None:
        raise not_found("credit memo item", call.params["item"])
    return page(call, item.taxes, "data", lambda tax: billing.tax_item(tax, found.currency))


_K = "/v1/credit-memos/{key}"
TABLE = (
    Route("GET", f"{_K}/parts", "get_credit_memo_parts", list_memo_parts, "where it is applied"),
    Route("GET", f"{_K}/parts/{{part}}", "get_credit_memo_part", get_memo_part, "one application"),
    Route(
        "GET",
        f"{_K}/items/{{item}}/taxation-items",
        "get_taxation_items_of_credit_memo_item",
        list_item_taxes,
        "taxes of an item, paged",
    ),
)
