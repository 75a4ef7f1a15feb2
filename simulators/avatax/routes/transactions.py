"""Handlers of tax documents."""

from __future__ import annotations

import asyncio

from simulators.avatax.routes.answers import included, transaction
from simulators.avatax.routes.orders import lines_of, refund_of, sale_of
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
from simulators.avatax.rules.documents import Document
from simulators.avatax.rules.refusal import TaxRefusal, malformed, required
from simulators.avatax.rules.sandbox import Sandbox
from simulators.avatax.wire import requests as wire
from simulators.kit.table import Call, Reply, json_reply

_VOID_REASONS = ("Unspecified", "PostFailed", "DocDeleted", "DocVoided", "AdjustmentCancelled")
_VOID = {key: name for i, name in enumerate(_VOID_REASONS) for key in (name.lower(), str(i))}
_TIMEOUT_SECONDS = 30


async def create(sandbox: Sandbox, call: Call) -> Reply:
    """201 with the taxed sale."""
    await _simulated_timeout(call)
    document = sandbox.selling.create(sale_of(body(call, wire.CreateTransactionBody)))
    return _answer(call, document, 201)


async def create_or_adjust(sandbox: Sandbox, call: Call) -> Reply:
    """The same, safe to repeat (unconfirmed: that it is 200 also the first time)."""
    await _simulated_timeout(call)
    wish = body(call, wire.CreateOrAdjustBody)
    reason = reason_of(wish.adjustment_reason)
    sale = sale_of(wish.create_transaction_model)
    document = sandbox.selling.create_or_adjust(sale, reason, wish.adjustment_description)
    return _answer(call, document)


async def adjust(sandbox: Sandbox, call: Call) -> Reply:
    """200 with the new revision."""
    wish = body(call, wire.AdjustBody)
    given = wish.new_transaction
    if _kind_named(call):
        document = _addressed(sandbox, call)
    else:
        document = sandbox.find_any(path_code(call, "companyCode"), path_code(call, "code"))
    kind = given.type if "type" in given.model_fields_set else document.kind
    sale = sale_of(
        given.model_copy(update={"company_code": call.params["companyCode"], "type": kind, "code": ""})
    )
    reason = reason_of(wish.adjustment_reason)
    return _answer(call, sandbox.selling.adjust(document, sale, reason, wish.adjustment_description))


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
        raise malformed(reason, "VoidReasonCode", "code")
    if name != "DocVoided":
        raise TaxRefusal(
            "ValidationException",
            "The void reason is not valid.",
            "To void a transaction the code must be set to 'DocVoided'.",
            "code",
        )
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
    return _answer(call, sandbox.selling.refund(_addressed(sandbox, call), wish), 201)


async def get(sandbox: Sandbox, call: Call) -> Reply:
    """The current revision by code, and by type where the path or the query names one."""
    if _kind_named(call):
        return _answer(call, _addressed(sandbox, call))
    return _answer(call, sandbox.find_any(path_code(call, "companyCode"), path_code(call, "code")))


async def get_by_id(sandbox: Sandbox, call: Call) -> Reply:
    """Any revision by its number."""
    return _answer(call, sandbox.filing.register.by_id(path_number(call, "id")))


async def add_lines(sandbox: Sandbox, call: Call) -> Reply:
    """The document that the body names, with more lines."""
    await _simulated_timeout(call)
    wish = body(call, wire.AddLinesBody)
    document = _named(sandbox, wish)
    lines = lines_of(wish.lines, document.sale.currency, len(document.sale.lines) + 1)
    return _answer(call, sandbox.selling.add_lines(document, lines, renumber=wish.renumber), 201)


async def delete_lines(sandbox: Sandbox, call: Call) -> Reply:
    """The document that the body names, with fewer lines."""
    await _simulated_timeout(call)
    wish = body(call, wire.RemoveLinesBody)
    document = _named(sandbox, wish)
    return _answer(call, sandbox.selling.delete_lines(document, wish.lines, renumber=wish.renumber))


async def bulk_lock(sandbox: Sandbox, call: Call) -> Reply:
    """{"documentIds", "isLocked"}: how many were; those that cannot be are passed over (unconfirmed)."""
    wish = body(call, wire.BulkLockBody)
    done = 0
    for number in wish.document_ids:
        try:
            sandbox.filing.set_lock(sandbox.filing.register.by_id(number), is_locked=wish.is_locked)
            done += 1
        except TaxRefusal:
            continue
    return json_reply(200, {"numberOfRecords": done})


def _kind_named(call: Call) -> str:
    return call.params.get("documentType") or (query(call).get("documenttype", "") if call.query else "")


def _addressed(sandbox: Sandbox, call: Call) -> Document:
    """The document that the path means; the vendor takes a SalesInvoice where no type is named."""
    kind = _kind_named(call)
    return sandbox.find(
        path_code(call, "companyCode"), path_code(call, "code"), kind_of(kind, "SalesInvoice")
    )


def _named(sandbox: Sandbox, wish: wire.AddLinesBody | wire.RemoveLinesBody) -> Document:
    if not wish.transaction_code:
        raise required("transactionCode")
    kind = kind_of(wish.document_type, "SalesInvoice")
    return sandbox.find(wish.company_code, wish.transaction_code, kind)


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
