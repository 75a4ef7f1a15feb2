"""An extract of what the ports show: registers, whole documents, payouts, plans; all else is absent."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

from core.canonical.erp import Posted
from core.canonical.errors import Missing
from core.canonical.invoices import CreditNote, Invoice
from core.canonical.money import Money
from core.canonical.parties import Account
from core.close.extract import Extract
from core.close.rows.billing import BillingDocument, InvoiceLine
from core.close.rows.cash import BalanceTransaction, BillingPayment, Charge, Payout
from core.close.rows.ledger import ErpDocument, LedgerLine
from core.close.rows.revenue import Pob
from core.close.rows.sales import Contract, CrmAccount, Opportunity, SystemCustomer
from core.ports.billing import Row
from core.ports.desk import Desk

_ABSENT = "no port shows it"
# A count of deals, for the CRM's port tells no amount of them.
_NOTHING = Money(0, "USD")
# Plans that ended longer ago than this have been released long since.
_LOOK_BACK = timedelta(days=400)


async def read_extract(desk: Desk, month: date) -> Extract:
    """The month that begins on `month`, read now; what changed since its first day is looked at.

    What a port tells only in part is taken as agreed in the rest: tax of a document in the ledger, the
    amount of a payment that billing says it has recorded. Raises what the ports raise.
    """
    end = (month + timedelta(days=32)).replace(day=1)
    since = datetime(month.year, month.month, month.day, tzinfo=UTC)
    documents = [d async for d in _documents(desk, month, end - timedelta(days=1))]
    accounts, customers, opportunities, contracts = await _sales(desk, since, end)
    charges, recorded = await _payments(desk, since, end)
    payouts, items = await _payouts(desk, since)
    pobs, ledger = await _revenue(desk, month, end)
    tables: dict[str, Any] = {
        "accounts": accounts,
        "customers": customers,
        "opportunities": opportunities,
        "contracts": contracts,
        "documents": tuple(documents),
        "erp_documents": tuple([each async for each in _posted(desk, documents, since)]),
        "charges": charges,
        "billing_payments": recorded,
        "payouts": payouts,
        "balance_transactions": items,
        "pobs": pobs,
    }
    read = {*tables, "ledger"}
    return Extract(
        month=f"{month:%Y-%m}",
        start=month,
        end=end,
        cut_off=datetime(end.year, end.month, end.day, tzinfo=UTC),
        absent={f.name: _ABSENT for f in fields(Extract) if f.default == () and f.name not in read},
        origin=dict.fromkeys(read, "port"),
        ledger=ledger,
        **tables,
    )


async def _documents(desk: Desk, first: date, last: date) -> AsyncIterator[BillingDocument]:
    async for invoice in desk.billing.invoices_dated(first, last):
        if invoice.status == "posted":
            yield _document(invoice, "invoice")
    async for note in desk.billing.credit_notes_dated(first, last):
        if note.status == "posted":
            yield _document(note, "credit")


def _document(found: Invoice | CreditNote, kind: str) -> BillingDocument:
    return BillingDocument(
        id=found.id,
        number=found.number,
        kind=kind,
        customer=found.account,
        status=found.status,
        on=found.on,
        net=found.net,
        tax=found.tax,
        total=found.total,
        due_amount=Money(max(found.total.minor, 0), found.total.currency),
        lines=tuple(
            InvoiceLine(
                id=line.id, net=line.net, tax=line.tax, product=line.product, start=line.start, end=line.end
            )
            for line in found.lines
        ),
    )


async def _posted(
    desk: Desk, documents: Sequence[BillingDocument], since: datetime
) -> AsyncIterator[ErpDocument]:
    """Out of the ledger's registers; what they do not list is asked for by itself before it is missing."""
    listed = {
        "invoice": {row.reference: row async for row in desk.erp.invoices_since(since)},
        "credit": {row.reference: row async for row in desk.erp.credit_notes_since(since)},
    }
    for document in documents:
        row = listed[document.kind].get(document.number)
        if row is not None and row.on is not None:
            yield _in_ledger(document, Posted(row.id, row.reference, row.open, row.total, row.on))
            continue
        look = desk.erp.invoice if document.kind == "invoice" else desk.erp.credit_note
        if (found := await look(document.number)) is not None:
            yield _in_ledger(document, found)


def _in_ledger(document: BillingDocument, found: Posted) -> ErpDocument:
    return ErpDocument(
        id=found.id,
        external=found.key,
        kind=document.kind,
        customer=document.customer,
        on=found.on,
        period=f"{found.on:%Y-%m}",
        tax=document.tax,
        total=found.total,
        open=found.remaining,
    )


async def _sales(
    desk: Desk, since: datetime, end: date
) -> tuple[tuple[CrmAccount, ...], tuple[SystemCustomer, ...], tuple[Opportunity, ...], tuple[Contract, ...]]:
    """Deals whose record changed in the month, and the customers that they are with."""
    accounts: dict[str, CrmAccount] = {}
    opportunities, contracts, customers = [], [], []
    known = {customer.key async for customer in desk.erp.customers()}
    async for quote in desk.crm.won_since(since):
        day = quote.changed_at.date()
        if day >= end:
            continue
        opportunities.append(
            Opportunity(key=quote.key, account=quote.account, stage="Closed Won", closed_on=day, tcv=_NOTHING)
        )
        if await desk.billing.placed(f"O-{quote.key}"):
            contracts.append(
                Contract(
                    id=f"O-{quote.key}",
                    opportunity=quote.key,
                    account=quote.account,
                    tcv=_NOTHING,
                    booked_on=day,
                )
            )
        accounts.setdefault(quote.account, CrmAccount(key=quote.account))
    for key in accounts:
        found = await _in_billing(desk, key)
        if key in known:
            customers.append(SystemCustomer(system="erp", id=key, account=key))
        if found is not None:
            customers.append(SystemCustomer(system="billing", id=key, account=key))
            if found.payment_customer:
                customers.append(SystemCustomer(system="payments", id=found.payment_customer, account=key))
    return tuple(accounts.values()), tuple(customers), tuple(opportunities), tuple(contracts)


async def _in_billing(desk: Desk, key: str) -> Account | None:
    try:
        return await desk.billing.account(key)
    except Missing:
        return None


async def _payments(
    desk: Desk, since: datetime, end: date
) -> tuple[tuple[Charge, ...], tuple[BillingPayment, ...]]:
    charges, recorded = [], []
    settled = {row.number async for row in desk.billing.invoices_since(since) if _settled(row)}
    async for request in desk.payments.paid_since(since):
        if request.on >= end or not request.invoice:
            continue
        charges.append(
            Charge(
                id=request.id,
                reference=request.id,
                status="succeeded",
                amount=request.amount,
                captured=request.amount,
                invoice=request.invoice,
            )
        )
        if request.invoice in settled or await desk.billing.payment_recorded(request.id):
            recorded.append(
                BillingPayment(
                    id=request.id,
                    kind="payment",
                    reference=request.id,
                    status="succeeded",
                    amount=request.amount,
                    invoice=request.invoice,
                )
            )
    return tuple(charges), tuple(recorded)


def _settled(row: Row) -> bool:
    """Recording a payment changes its invoice, so one settled since needs no question of its own."""
    return row.status == "posted" and not row.open


async def _payouts(desk: Desk, since: datetime) -> tuple[tuple[Payout, ...], tuple[BalanceTransaction, ...]]:
    """Each payout with its parts; one that names none was made by hand."""
    payouts, items = [], []
    async for name in desk.payments.payouts_since(since):
        found = await desk.payments.payout(name)
        payouts.append(
            Payout(
                id=found.id,
                amount=found.amount,
                status=found.status,
                sent_on=found.on,
                arrival_on=found.on,
                itemised=bool(found.parts),
            )
        )
        items += [
            BalanceTransaction(
                id=f"{found.id}/{part.kind}",
                kind=part.kind,
                source=found.id + part.kind,
                gross=part.gross,
                fee=part.fees,
                net=part.gross - part.fees,
                at=datetime(found.on.year, found.on.month, found.on.day, tzinfo=UTC),
                payout=found.id,
            )
            for part in found.parts
        ]
    return tuple(payouts), tuple(items)


async def _revenue(desk: Desk, month: date, end: date) -> tuple[tuple[Pob, ...], tuple[LedgerLine, ...]]:
    """Plans as obligations that are delivered by days; what the ledger has released of each so far."""
    done = await desk.erp.released()
    last = end - timedelta(days=1)
    pobs, lines = [], []
    async for plan in desk.erp.schedules(month - _LOOK_BACK, last):
        days = (plan.end - plan.start).days
        gone = (min(end, plan.end) - plan.start).days
        progress = Fraction(max(gone, 0), days) if days > 0 else Fraction(1)
        pobs.append(Pob(id=plan.key, contract=plan.source, allocated=plan.amount, progress=progress))
        released = Money(-done.get(plan.key, 0), plan.amount.currency)
        lines.append(
            LedgerLine(
                entry=plan.key,
                account="4000",
                amount=released,
                on=last,
                period=f"{month:%Y-%m}",
                pob=plan.key,
                contract=plan.source,
            )
        )
    return tuple(pobs), tuple(lines)
