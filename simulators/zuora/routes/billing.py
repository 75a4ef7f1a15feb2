"""Paths of bill runs and of what is billed at once."""

from __future__ import annotations

from simulators.kit.money import major
from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.zuora.routes.listing import listed
from simulators.zuora.rules import accounts, invoices, memos, payruns, runs
from simulators.zuora.rules.billing import bill
from simulators.zuora.rules.documents import DRAFT, FROM_CHARGE, FROM_INVOICE, POSTED
from simulators.zuora.rules.previews import would_bill
from simulators.zuora.rules.refusal import INVALID, MISSING, Refused, not_found
from simulators.zuora.rules.sandbox import Sandbox
from simulators.zuora.wire import billing, documents, invoicing
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


async def list_bill_runs(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/bill-runs, paged."""
    return listed(rules.state, call, "BillRun", "billRuns", billing.run)


async def post_bill_run(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/bill-runs/{key}/post: answers at once, in PostInProgress."""
    run = runs.find(rules.state, call.params["key"])
    on = read(invoicing.Posting, call).invoiceDate
    runs.post_run(rules.state, run, rules.agenda, float(rules.bill_run_seconds), on)
    return json_reply(200, {"success": True, **billing.run(run)})


async def cancel_bill_run(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/bill-runs/{key}/cancel."""
    run = runs.find(rules.state, call.params["key"])
    read(invoicing.RunCancel, call)
    runs.cancel_run(rules.state, run)
    return json_reply(200, {"success": True, **billing.run(run)})


async def delete_bill_run(rules: Sandbox, call: Call) -> Reply:
    """DELETE /v1/bill-runs/{key}."""
    run = runs.find(rules.state, call.params["key"])
    runs.delete_run(rules.state, run)
    return json_reply(200, {"success": True, **billing.run(run)})


async def email_bill_run(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/bill-runs/{key}/emails: nothing is sent from here."""
    runs.find(rules.state, call.params["key"])
    read(invoicing.EmailRequest, call)
    return json_reply(200, {"success": True})


async def invoice_collect(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/operations/invoice-collect: bill, post and collect, or collect one invoice."""
    shape, state = read(invoicing.Collect, call), rules.state
    account = accounts.find(state, shape.accountKey)
    made_memos = []
    if shape.invoiceId:
        found = invoices.find(state, shape.invoiceId)
        if found.account is not account:
            raise Refused(INVALID, "The invoice belongs to another account.", "invoiceId")
        if found.status == DRAFT:
            invoices.post(state, found)
        wanted = [found]
    else:
        target = shape.targetDate or shape.invoiceTargetDate or state.today()
        on = shape.documentDate or shape.invoiceDate or state.today()
        rules.cashier.method(account, shape.paymentMethodId)
        bill(state, target, on, accounts=(account.id,))
        for invoice in list(state.invoices.where("accountId", account.id).values()):
            if invoice.status == DRAFT:
                invoices.post(state, invoice)
        for memo in list(state.memos.where("accountId", account.id).values()):
            if memo.status == DRAFT and memo.source not in (FROM_INVOICE, FROM_CHARGE):
                memos.post(state, memo)
                made_memos.append(memo)
        own = state.invoices.where("accountId", account.id).values()
        wanted = sorted((i for i in own if i.status == POSTED and i.balance > 0), key=lambda i: i.seq)
    key, gateway = shape.paymentMethodId, shape.paymentGateway
    payment, amount = await payruns.collect_now(state, rules.cashier, account, wanted, key, gateway)
    shown = [
        {
            "invoiceId": i.id,
            "invoiceNumber": i.number,
            "invoiceAmount": str(major(i.net + i.tax, i.currency)),
        }
        for i in wanted
    ]
    answer = {
        "success": True,
        "amountCollected": str(major(amount, account.currency)),
        "paymentId": payment,
        "invoices": shown,
        "creditMemos": [
            {"id": m.id, "memoNumber": m.number, "amount": major(m.net + m.tax, m.currency)}
            for m in made_memos
        ],
    }
    return json_reply(200, answer)


async def billing_preview(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/operations/billing-preview: what the account's subscriptions would be billed; not usage."""
    shape, state = read(invoicing.Forecast, call), rules.state
    key = shape.accountId or shape.accountNumber
    if not key:
        raise Refused(MISSING, "'accountId' or 'accountNumber' is required.", "accountId")
    account = accounts.find(state, key)
    skipped = frozenset(kind.strip() for kind in shape.chargeTypeToExclude.split(",") if kind.strip())
    if not skipped <= {"OneTime", "Recurring", "Usage"}:
        message = f"'{shape.chargeTypeToExclude}' is not a charge type."
        raise Refused(INVALID, message, "chargeTypeToExclude")
    sold = state.subscriptions.where("accountId", account.id).values()
    own = sorted((s for s in sold if s.owner is account), key=lambda s: s.seq)
    items = would_bill(state, own, shape.targetDate, account.currency, skipped)
    shown = [billing.forecast(item, account.currency) for item in items]
    answer = {"success": True, "accountId": account.id, "invoiceItems": shown, "creditMemoItems": []}
    return json_reply(200, answer)


async def get_job(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/operations/jobs/{jobId}."""
    job = rules.state.operations.get(call.params["jobId"])
    if job is None:
        raise not_found("job", call.params["jobId"])
    shown = {
        "id": job.id,
        "objectId": job.object,
        "objectType": job.kind,
        "operationType": job.act,
        "status": job.status,
    }
    return json_reply(200, {"success": True, **shown})


_R = "/v1/bill-runs"
TABLE = (
    Route("POST", _R, "create_bill_run", create_bill_run, "start a run", documents.NewRun),
    Route("GET", _R, "list_bill_runs", list_bill_runs, "bill runs, paged"),
    Route("GET", f"{_R}/{{key}}", "get_bill_run", get_bill_run, "a bill run by id or number"),
    Route("PUT", f"{_R}/{{key}}/post", "post_bill_run", post_bill_run, "post a run", invoicing.Posting),
    Route("PUT", f"{_R}/{{key}}/cancel", "cancel_bill_run", cancel_bill_run, "cancel", invoicing.RunCancel),
    Route("DELETE", f"{_R}/{{key}}", "delete_bill_run", delete_bill_run, "forget a canceled run"),
    Route("POST", f"{_R}/{{key}}/emails", "email_bill_run", email_bill_run, "mail a run's documents"),
    Route(
        "POST",
        "/v1/operations/invoice-collect",
        "create_invoice_collect",
        invoice_collect,
        "bill, post and collect at once",
        invoicing.Collect,
    ),
    Route(
        "POST",
        "/v1/operations/billing-preview",
        "create_billing_preview",
        billing_preview,
        "what an account would be billed",
        invoicing.Forecast,
    ),
    Route("GET", "/v1/operations/jobs/{jobId}", "get_operation_job", get_job, "a job of an operation"),
)
