"""Handlers of transactions of several companies under one code."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from simulators.avatax.routes.amounts import USER_ID, moment
from simulators.avatax.routes.answers import included, transaction
from simulators.avatax.routes.listing import filter_of, listed
from simulators.avatax.routes.orders import refund_of, sale_of
from simulators.avatax.routes.reading import (
    body,
    date_of,
    kind_of,
    minor_of,
    path_code,
    path_number,
    query,
    reason_of,
)
from simulators.avatax.rules.filtering import Fields
from simulators.avatax.rules.multidocuments import MultiDocument
from simulators.avatax.rules.refusal import required
from simulators.avatax.rules.sales import Sale
from simulators.avatax.rules.sandbox import ACCOUNT, Sandbox
from simulators.avatax.wire import multi as wire
from simulators.avatax.wire.requests import RefundBody, VoidBody
from simulators.kit.table import Call, Reply, json_reply

_FIELDS: Fields = {
    "id": lambda m: m.id,
    "code": lambda m: m.code,
    "type": lambda m: m.kind,
    "createddate": lambda m: moment(m.created_at),
    "modifieddate": lambda m: moment(m.modified_at),
}


async def create(sandbox: Sandbox, call: Call) -> Reply:
    """201 with one document for each company of the lines."""
    wish = body(call, wire.CreateMultiBody)
    made = sandbox.multidocuments.create(_sales(wish), allow_adjust=wish.allow_adjust)
    return _answer(call, made, 201)


async def adjust(sandbox: Sandbox, call: Call) -> Reply:
    """Another revision of each document."""
    wish = body(call, wire.AdjustMultiBody)
    found = _addressed(sandbox, call)
    reason = reason_of(wish.adjustment_reason)
    sales = _sales(wish.new_transaction)
    return _answer(call, sandbox.multidocuments.adjust(found, sales, reason, wish.adjust_description))


async def get(sandbox: Sandbox, call: Call) -> Reply:
    """By code and type."""
    return _answer(call, _addressed(sandbox, call))


async def get_by_id(sandbox: Sandbox, call: Call) -> Reply:
    """By number."""
    return _answer(call, sandbox.multidocuments.get(path_number(call, "id")))


async def list_all(sandbox: Sandbox, call: Call) -> Reply:
    """All of the account."""
    parts = included(query(call).get("$include", ""))
    found = sandbox.multidocuments.all()
    return listed(call, found, filter_of(call), _FIELDS, lambda one: _render(one, parts))


async def commit(sandbox: Sandbox, call: Call) -> Reply:
    """All documents become final."""
    wish = body(call, wire.CommitMultiBody)
    found = sandbox.multidocuments.find(wish.code, kind_of(wish.type, "SalesInvoice"))
    if wish.commit:
        sandbox.multidocuments.each(found, sandbox.filing.commit)
    return _answer(call, found)


async def verify(sandbox: Sandbox, call: Call) -> Reply:
    """The sums of all documents are compared (unconfirmed: sums), each date is."""
    wish = body(call, wire.VerifyMultiBody)
    found = sandbox.multidocuments.find(wish.code, kind_of(wish.type, "SalesInvoice"))
    date = wish.verify_transaction_date
    on = date_of("verifyTransactionDate", date) if date else ""
    documents = found.documents
    others = sum(d.total for d in documents[1:]), sum(d.tax for d in documents[1:])
    currency = documents[0].sale.currency
    total, tax = wish.verify_total_amount, wish.verify_total_tax
    sandbox.filing.verify(
        documents[0],
        on,
        minor_of("verifyTotalAmount", total, currency) - others[0] if total is not None else None,
        minor_of("verifyTotalTax", tax, currency) - others[1] if tax is not None else None,
    )
    for document in documents[1:]:
        sandbox.filing.verify(document, on, None, None)
    return _answer(call, found)


async def void(sandbox: Sandbox, call: Call) -> Reply:
    """All documents are cancelled."""
    if body(call, VoidBody).code.lower() not in ("docvoided", "3"):
        raise required("code")
    return _answer(call, sandbox.multidocuments.each(_addressed(sandbox, call), sandbox.filing.void))


async def refund(sandbox: Sandbox, call: Call) -> Reply:
    """201 with a mirror of each document."""
    wish = refund_of(body(call, RefundBody))
    found = _addressed(sandbox, call)
    wish = replace(wish, code=wish.code or sandbox.filing.new_code())
    made = [sandbox.selling.refund(document, wish) for document in found.documents]
    return _answer(call, sandbox.multidocuments.keep_refund(wish.code, made), 201)


def _sales(wish: wire.CreateMultiBody) -> list[Sale]:
    """The sale in parts, one a company, in order of their first lines."""
    parts: dict[str, list[wire.MultiLineBody]] = {}
    for line in wish.lines:
        parts.setdefault((line.company_code or wish.company_code).upper(), []).append(line)
    if not parts:
        return [sale_of(wish)]
    return [
        sale_of(wish.model_copy(update={"company_code": code, "lines": tuple(lines)}))
        for code, lines in parts.items()
    ]


def _addressed(sandbox: Sandbox, call: Call) -> MultiDocument:
    return sandbox.multidocuments.find(path_code(call, "code"), kind_of(call.params["type"]))


def _answer(call: Call, found: MultiDocument, status: int = 200) -> Reply:
    parts = included(query(call).get("$include", ""))
    return json_reply(status, _render(found, parts))


def _render(found: MultiDocument, parts: frozenset[str]) -> dict[str, Any]:
    """MultiDocumentModel."""
    return {
        "id": found.id,
        "accountId": int(ACCOUNT),
        "code": found.code,
        "type": found.kind,
        "createdDate": moment(found.created_at),
        "createdUserId": USER_ID,
        "modifiedDate": moment(found.modified_at),
        "modifiedUserId": USER_ID,
        "documents": [transaction(document, parts) for document in found.documents],
    }
