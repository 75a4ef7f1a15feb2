"""Handlers of tax documents."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from simulators.avatax.routes.answers import included, transaction
from simulators.avatax.routes.listing import criteria_of, listed
from simulators.avatax.routes.reading import (
    body,
    date_of,
    kind_of,
    minor_of,
    path_code,
    path_number,
    query,
    reason_of,
    refund_of,
    sale_of,
)
from simulators.avatax.rules.documents import Document
from simulators.avatax.rules.filtering import Criterion, Fields
from simulators.avatax.rules.refusal import TaxRefusal
from simulators.avatax.rules.sandbox import Sandbox
from simulators.avatax.wire import requests as wire
from simulators.kit.clock import day
from simulators.kit.money import major
from simulators.kit.table import Call, Reply, json_reply

_VOID_REASONS = ("Unspecified", "PostFailed", "DocDeleted", "DocVoided", "AdjustmentCancelled")
_VOID = {key: name for i, name in enumerate(_VOID_REASONS) for key in (name.lower(), str(i))}
_DAYS_LISTED = 30
_TIMEOUT_SECONDS = 30

_FIELDS: Fields = {
    "id": lambda d: d.id,
    "code": lambda d: d.code,
    "companyid": lambda d: d.company_id,
    "date": lambda d: d.sale.date,
    "status": lambda d: d.status,
    "type": lambda d: d.kind,
    "currencycode": lambda d: d.sale.currency,
    "customercode": lambda d: d.sale.customer_code,
    "customervendorcode": lambda d: d.sale.customer_code,
    "purchaseorderno": lambda d: d.sale.purchase_order_no,
    "referencecode": lambda d: d.sale.reference_code,
    "totalamount": lambda d: major(d.total, d.sale.currency),
    "totaltax": lambda d: major(d.tax, d.sale.currency),
    "locked": lambda d: d.locked,
    "version": lambda d: d.version,
}


async def create(sandbox: Sandbox, call: Call) -> Reply:
    """201 with the taxed sale."""
    await _simulated_timeout(call)
    document = sandbox.create(sale_of(body(call, wire.CreateTransactionBody)))
    return _answer(call, document, 201)


async def create_or_adjust(sandbox: Sandbox, call: Call) -> Reply:
    """The same, safe to repeat (unconfirmed: that it is 200 also the first time)."""
    await _simulated_timeout(call)
    wish = body(call, wire.CreateOrAdjustBody)
    reason = reason_of(wish.adjustment_reason)
    sale = sale_of(wish.create_transaction_model)
    document = sandbox.create_or_adjust(sale, reason, wish.adjustment_description)
    return _answer(call, document)


async def adjust(sandbox: Sandbox, call: Call) -> Reply:
    """200 with the new revision."""
    wish = body(call, wire.AdjustBody)
    document = _addressed(sandbox, call)
    given = wish.new_transaction
    kind = given.type if "type" in given.model_fields_set else document.kind
    sale = sale_of(
        given.model_copy(update={"company_code": call.params["companyCode"], "type": kind, "code": ""})
    )
    reason = reason_of(wish.adjustment_reason)
    return _answer(call, sandbox.adjust(document, sale, reason, wish.adjustment_description))


async def commit(sandbox: Sandbox, call: Call) -> Reply:
    """{"commit": true} makes it final; false leaves it as it is."""
    wish = body(call, wire.CommitBody)
    document = _addressed(sandbox, call)
    return _answer(call, sandbox.filing.commit(document) if wish.commit else document)


async def uncommit(sandbox: Sandbox, call: Call) -> Reply:
    """No body is read."""
    return _answer(call, sandbox.filing.uncommit(_addressed(sandbox, call)))


async def void(sandbox: Sandbox, call: Call) -> Reply:
    """{"code": "DocVoided"}; the vendor's other reasons are refused (unconfirmed: with which number)."""
    reason = body(call, wire.VoidBody).code
    name = _VOID.get(reason.lower())
    if name is None:
        raise TaxRefusal("ModelStateInvalid", f"'{reason}' is not a value of VoidReasonCode.", param="code")
    if name != "DocVoided":
        raise TaxRefusal("ValidationException", "To void, the code must be DocVoided.", param="code")
    return _answer(call, sandbox.filing.void(_addressed(sandbox, call)))


async def unvoid(sandbox: Sandbox, call: Call) -> Reply:
    """No body is read."""
    return _answer(call, sandbox.filing.unvoid(_addressed(sandbox, call)))


async def verify(sandbox: Sandbox, call: Call) -> Reply:
    """200 when date, amount and tax agree."""
    wish = body(call, wire.VerifyBody)
    return _answer(call, _verified(sandbox, _addressed(sandbox, call), wish))


async def settle(sandbox: Sandbox, call: Call) -> Reply:
    """Verify, change code, commit: those of the three that the body has."""
    wish = body(call, wire.SettleBody)
    document = _addressed(sandbox, call)
    if wish.verify is not None:
        document = _verified(sandbox, document, wish.verify)
    if wish.change_code is not None:
        document = sandbox.filing.change_code(document, wish.change_code.new_code)
    if wish.commit is not None and wish.commit.commit:
        document = sandbox.filing.commit(document)
    return _answer(call, document)


async def change_code(sandbox: Sandbox, call: Call) -> Reply:
    """{"newCode"}."""
    wish = body(call, wire.ChangeCodeBody)
    return _answer(call, sandbox.filing.change_code(_addressed(sandbox, call), wish.new_code))


async def lock(sandbox: Sandbox, call: Call) -> Reply:
    """{"isLocked"}: what filing a return does to a document."""
    wish = body(call, wire.LockBody)
    return _answer(call, sandbox.filing.set_lock(_addressed(sandbox, call), is_locked=wish.is_locked))


async def refund(sandbox: Sandbox, call: Call) -> Reply:
    """201 with the ReturnInvoice."""
    wish = refund_of(body(call, wire.RefundBody))
    return _answer(call, sandbox.refund(_addressed(sandbox, call), wish), 201)


async def get(sandbox: Sandbox, call: Call) -> Reply:
    """The current revision by code, and by type where the path or the query names one."""
    return _answer(call, _addressed(sandbox, call))


async def get_by_id(sandbox: Sandbox, call: Call) -> Reply:
    """Any revision by its number."""
    return _answer(call, sandbox.filing.register.by_id(path_number(call, "id")))


async def list_all(sandbox: Sandbox, call: Call) -> Reply:
    """Every revision of the company's documents; without a filter by date, of the last 30 days."""
    criteria = tuple(_plain_dates(criterion) for criterion in criteria_of(call))
    first, last = _date_range(criteria)
    if not any(criterion.field == "date" for criterion in criteria):
        first = (day(sandbox.clock.now()) - timedelta(days=_DAYS_LISTED)).isoformat()
    parts = included(query(call).get("$include", ""))
    documents = sandbox.dated(path_code(call, "companyCode"), first, last)
    return listed(call, documents, criteria, _FIELDS, lambda document: transaction(document, parts))


def _date_range(criteria: tuple[Criterion, ...]) -> tuple[str, str]:
    """The span in which every match must lie, as far as equality and bounds say so."""
    first = last = ""
    for criterion in criteria:
        if criterion.field != "date":
            continue
        low, high = criterion.values[0], criterion.values[-1]
        if criterion.op in ("eq", "between", "gt", "ge", "gte"):
            first = max(first, low)
        if criterion.op in ("eq", "between", "lt", "le", "lte"):
            last = min(last, high) if last else high
    return first, last


def _plain_dates(criterion: Criterion) -> Criterion:
    if criterion.field != "date":
        return criterion
    return replace(criterion, values=tuple(date_of("$filter", value) for value in criterion.values))


def _addressed(sandbox: Sandbox, call: Call) -> Document:
    """The document that the path means; the vendor takes a SalesInvoice where no type is named."""
    kind = call.params.get("documentType") or query(call).get("documenttype", "")
    return sandbox.find(
        path_code(call, "companyCode"), path_code(call, "code"), kind_of(kind, "SalesInvoice")
    )


def _verified(sandbox: Sandbox, document: Document, wish: wire.VerifyBody) -> Document:
    date_given = wish.verify_transaction_date
    currency = document.sale.currency
    total, tax = wish.verify_total_amount, wish.verify_total_tax
    return sandbox.filing.verify(
        document,
        date_of("verifyTransactionDate", date_given) if date_given else "",
        minor_of("verifyTotalAmount", total, currency) if total is not None else None,
        minor_of("verifyTotalTax", tax, currency) if tax is not None else None,
    )


async def _simulated_timeout(call: Call) -> None:
    """$include=ForceTimeout: the vendor's own way to rehearse a time-out; nothing is recorded."""
    if call.query and "forcetimeout" in query(call).get("$include", "").lower():
        await asyncio.sleep(_TIMEOUT_SECONDS)
        raise TaxRefusal("TimeoutRequested", "A time-out was asked for.", param="$include")


def _answer(call: Call, document: Document, status: int = 200) -> Reply:
    parts = included(query(call).get("$include", "") if call.query else "")
    return json_reply(status, transaction(document, parts))
