"""Paths of settlements that are carried out later: asked for, then looked at as a job."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.zuora.routes import debits, invoices, memos, payments
from simulators.zuora.rules import debits as debit_rules
from simulators.zuora.rules import invoices as invoice_rules
from simulators.zuora.rules import memos as memo_rules
from simulators.zuora.rules import payments as payment_rules
from simulators.zuora.rules.jobs import Settlement
from simulators.zuora.rules.refusal import Refused, not_found
from simulators.zuora.rules.sandbox import Sandbox
from simulators.zuora.wire import invoicing, money
from simulators.zuora.wire.shape import parse

Handler = Callable[[Sandbox, Call], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class _Kind:
    """What is put off: the path that does it at once, in whose words the job calls it, and its object."""

    does: Handler
    operation: str
    kind: str
    find: Callable[[Any, str], Any] | None = None


_KINDS = {
    "apply_memo": _Kind(memos.apply_memo, "AsyncCreditMemoApply", "CreditMemo", memo_rules.find),
    "unapply_memo": _Kind(memos.unapply_memo, "AsyncCreditMemoUnapply", "CreditMemo", memo_rules.find),
    "create_payment": _Kind(payments.create_payment, "AsyncPaymentCreate", "Payment"),
    "apply_payment": _Kind(payments.apply_payment, "AsyncPaymentApply", "Payment", payment_rules.find),
    "write_off": _Kind(invoices.write_off_invoice, "AsyncInvoiceWriteOff", "Invoice", invoice_rules.find),
}


def _later(name: str) -> Handler:
    async def begin(rules: Sandbox, call: Call) -> Reply:
        meant, key = _KINDS[name], call.params.get("key", "")
        parse(call)
        found = meant.find(rules.state, key) if meant.find is not None else None
        job = Settlement(rules.state.new_id(), meant.operation, meant.kind, found.id if found else "")
        rules.state.settlements[job.id] = job
        rules.state.jobs += 1
        rules.agenda.after(rules.order_job_seconds, carry_out, rules, job, name, key, call.body)
        return json_reply(200, _shown(job))

    begin.__doc__ = f"{name} as a job."
    return begin


async def carry_out(rules: Sandbox, job: Settlement, name: str, key: str, body: bytes) -> None:
    """Do what was asked for; what is refused now is the job's error."""
    meant = _KINDS[name]
    try:
        reply = await meant.does(rules, Call("PUT", "/v1/settlements", body=body, params={"key": key}))
        answer = json.loads(reply.body)
        job.status, job.memo = "Processed", answer.get("creditMemo")
        job.on = job.on or answer["id"]
    except Refused as no:
        job.status, job.error = "Error", no.message
    finally:
        rules.state.jobs -= 1


async def get_job(rules: Sandbox, call: Call) -> Reply:
    """GET …-async-jobs/{id}: how far it is."""
    job = rules.state.settlements.get(call.params["id"])
    if job is None:
        raise not_found("job", call.params["id"])
    return json_reply(200, _shown(job))


def _shown(job: Settlement) -> dict[str, Any]:
    memo = {"creditMemo": job.memo} if job.kind == "Invoice" else {}
    return {
        "success": True,
        "id": job.id,
        "status": job.status,
        "operationType": job.operation,
        "referenceId": job.on or None,
        "referenceType": job.kind,
        "error": job.error,
        **memo,
    }


def _at_once(does: Handler, kind: str, act: str, find: Callable[[Any, str], Any]) -> Handler:
    """An operation whose job is over when the call returns."""

    async def operate(rules: Sandbox, call: Call) -> Reply:
        found = find(rules.state, call.params["key"])
        await does(rules, call)
        job = rules.state.operated(found.id, kind, act)
        return json_reply(200, {"success": True, "jobId": job.id, "jobStatus": job.status})

    operate.__doc__ = f"{act} a {kind} as a job."
    return operate


_M, _D, _I, _P = "/v1/credit-memos", "/v1/debit-memos", "/v1/invoices", "/v1/payments"
_JOB = "how far such a job is"
TABLE = (
    Route("PUT", f"{_M}/{{key}}/apply-async", "apply_credit_memo_async", _later("apply_memo"),
          "apply as a job", money.Application),
    Route("GET", f"{_M}/apply-async-jobs/{{id}}", "get_apply_credit_memo_job", get_job, _JOB),
    Route("PUT", f"{_M}/{{key}}/unapply-async", "unapply_credit_memo_async", _later("unapply_memo"),
          "unapply as a job", money.Application),
    Route("GET", f"{_M}/unapply-async-jobs/{{id}}", "get_unapply_credit_memo_job", get_job, _JOB),
    Route("POST", f"{_P}/create-async", "create_payment_async", _later("create_payment"),
          "a payment as a job", money.NewPayment),
    Route("GET", f"{_P}/create-async-jobs/{{id}}", "get_create_payment_job", get_job, _JOB),
    Route("PUT", f"{_P}/{{key}}/apply-async", "apply_payment_async", _later("apply_payment"),
          "apply as a job", money.Application),
    Route("GET", f"{_P}/apply-async-jobs/{{id}}", "get_apply_payment_job", get_job, _JOB),
    Route("POST", f"{_I}/{{key}}/write-off-async", "write_off_invoice_async", _later("write_off"),
          "write off as a job", invoicing.WriteOff),
    Route("GET", f"{_I}/write-off-async-jobs/{{id}}", "get_write_off_job", get_job, _JOB),
    Route("PUT", f"{_M}/{{key}}/post-async", "post_credit_memo_async",
          _at_once(memos.post_memo, "CreditMemo", "Post", memo_rules.find), "post as a job"),
    Route("PUT", f"{_M}/{{key}}/cancel-async", "cancel_credit_memo_async",
          _at_once(memos.cancel_memo, "CreditMemo", "Cancel", memo_rules.find), "cancel as a job"),
    Route("PUT", f"{_D}/{{key}}/post-async", "post_debit_memo_async",
          _at_once(debits.post_memo, "DebitMemo", "Post", debit_rules.find), "post as a job"),
    Route("PUT", f"{_D}/{{key}}/cancel-async", "cancel_debit_memo_async",
          _at_once(debits.cancel_memo, "DebitMemo", "Cancel", debit_rules.find), "cancel as a job"),
)  # fmt: skip
