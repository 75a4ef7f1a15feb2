"""Paths of payment runs."""

from __future__ import annotations

from datetime import datetime

from simulators.kit.clock import SECOND, midnight
from simulators.kit.money import major
from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.zuora.routes.listing import listed
from simulators.zuora.rules import payruns
from simulators.zuora.rules.receipts import PaymentRun
from simulators.zuora.rules.refusal import INVALID, MISSING, Refused
from simulators.zuora.rules.sandbox import Sandbox
from simulators.zuora.wire import money
from simulators.zuora.wire.shape import read


def _wish(
    rules: Sandbox, shape: money.PaymentRunChange, before: PaymentRun | None = None
) -> payruns.PayRunWish:
    target = shape.targetDate or (before.target if before else None)
    run_at = 0
    if shape.runDate:
        try:
            given = datetime.fromisoformat(shape.runDate.strip().replace("Z", "+00:00"))
        except ValueError:
            raise Refused(INVALID, f"'{shape.runDate}' is not a moment.", "runDate") from None
        run_at = midnight(given.date()) + (given.hour * 3600 + given.minute * 60 + given.second) * SECOND
        target = target or given.date()
        if before is None and given.date() < rules.state.today():
            raise Refused(INVALID, "runDate must not be in the past.", "runDate")
    if target is None:
        raise Refused(MISSING, "'targetDate' is required.", "targetDate")
    return payruns.PayRunWish(
        target=target,
        account=shape.accountId,
        batch=shape.batch,
        currency=shape.currency,
        billing_run=shape.billingRunId,
        gateway=shape.paymentGatewayId or shape.paymentGatewayNumber,
        consolidated=shape.consolidatedPayment,
        collect=shape.collectPayment,
        apply_memos=shape.autoApplyCreditMemo,
        apply_payments=shape.autoApplyUnappliedPayment,
        run_at=run_at,
        run_date=shape.runDate,
    )


async def create_run(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/payment-runs: answers at once, the run goes on."""
    wish = _wish(rules, read(money.PaymentRunChange, call))
    run = payruns.start(rules.state, rules.cashier, wish, float(rules.bill_run_seconds))
    return _shown(run)


def _shown(run: PaymentRun) -> Reply:
    return json_reply(200, {"success": True, **money.payment_run(run)})


async def get_run(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/payment-runs/{key}."""
    return _shown(payruns.find(rules.state, call.params["key"]))


async def list_runs(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/payment-runs, paged."""
    return listed(rules.state, call, "PaymentRun", "paymentRuns", money.payment_run)


async def update_run(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/payment-runs/{key}: while it is pending."""
    run = payruns.find(rules.state, call.params["key"])
    payruns.change(rules.state, run, _wish(rules, read(money.PaymentRunChange, call), run))
    return _shown(run)


async def delete_run(rules: Sandbox, call: Call) -> Reply:
    """DELETE /v1/payment-runs/{key}."""
    payruns.delete(rules.state, payruns.find(rules.state, call.params["key"]))
    return json_reply(200, {"success": True})


async def get_summary(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/payment-runs/{key}/summary."""
    run = payruns.find(rules.state, call.params["key"])
    paid = [p for key in run.payments if (p := rules.state.payments.get(key)) and p.status == "Processed"]
    totals: dict[str, int] = {}
    for payment in paid:
        totals[payment.currency] = totals.get(payment.currency, 0) + payment.amount
    memos = sum(rules.state.debits.get(document) is not None for document, *_ in run.documents)
    shown = {
        "numberOfInvoices": len(run.documents) - memos,
        "numberOfPayments": len(paid),
        "numberOfErrors": run.errors,
        "numberOfReceivables": len(run.documents),
        "numberOfCreditMemos": 0,
        "numberOfDebitMemos": memos,
        "numberOfUnappliedPayments": 0,
        "totalValues": [
            {"totalValueOfPayments": f"{code}{major(amount, code)}"} for code, amount in totals.items()
        ],
    }
    return json_reply(200, {"success": True, **shown})


async def get_data(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/payment-runs/{key}/data: what became of each document."""
    run = payruns.find(rules.state, call.params["key"])
    data = []
    for document, number, key, amount in run.documents:
        payment = rules.state.payments.get(key)
        if payment is not None:
            transaction = {
                "id": payment.id,
                "type": "Payment",
                "amount": major(amount, payment.currency),
                "appliedAmount": major(amount if payment.status == "Processed" else 0, payment.currency),
                "status": payment.status,
            }
            if payment.status == "Error":
                transaction |= {"errorCode": payment.response_code, "errorMessage": payment.response}
            row = {
                "documentId": document,
                "documentNumber": number,
                "documentType": "DebitMemo" if rules.state.debits.get(document) else "Invoice",
                "accountId": payment.account.id,
                "amount": major(amount, payment.currency),
                "currency": payment.currency,
                "result": "Processed" if payment.status == "Processed" else payment.status,
                "transactions": [transaction],
            }
            data.append(row)
    return json_reply(200, {"success": True, "data": data})


_R = "/v1/payment-runs"
TABLE = (
    Route("POST", _R, "create_payment_run", create_run, "collect what is due", money.PaymentRunChange),
    Route("GET", _R, "list_payment_runs", list_runs, "payment runs, paged"),
    Route("GET", f"{_R}/{{key}}", "get_payment_run", get_run, "a payment run by id or number"),
    Route("PUT", f"{_R}/{{key}}", "update_payment_run", update_run, "change one", money.PaymentRunChange),
    Route("DELETE", f"{_R}/{{key}}", "delete_payment_run", delete_run, "forget a run"),
    Route("GET", f"{_R}/{{key}}/summary", "get_payment_run_summary", get_summary, "a run in numbers"),
    Route("GET", f"{_R}/{{key}}/data", "get_payment_run_data", get_data, "what became of each document"),
)
