"""Receivables, postings and periods, out of the ERP's books."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from core.close.rows.ledger import (
    ArMovement,
    BookPeriod,
    DatedEntry,
    ErpDocument,
    LedgerLine,
    Opening,
    OpenItem,
    PostingEvent,
)
from scenarios.checkers.lookups import returned_debits
from scenarios.closing import between
from scenarios.closing.ahead import ACCRUED, USE
from scenarios.closing.cash import posting_of
from scenarios.closing.collecting import paid_by_invoice
from scenarios.closing.frame import Frame, at, money, on
from scenarios.closing.returns import applied, owed_again, puts
from scenarios.closing.transfers import events as events_of_transfers
from scenarios.evidence.erp import ErpCreditMemo, ErpInvoice
from scenarios.evidence.erp import LedgerLine as Posted

_REVENUE_RUN = re.compile(r"(REV|UNB|USE)-\d{4}-\d{2}-|P14-")
_DISPUTE = re.compile(r"(?P<id>.+)-(withdrawn|won|lost|returned)")


def tables(frame: Frame) -> dict[str, tuple[Any, ...]]:
    """Tables of the extract by name."""
    erp = frame.evidence.erp
    lines = tuple(_lines(frame))
    periods = tuple(
        BookPeriod(
            name=p.name,
            start=date.fromisoformat(p.start),
            end=date.fromisoformat(p.end),
            locked_at=at(p.closed_at) if p.closed else None,
        )
        for p in erp.periods
    )
    return {
        "erp_documents": tuple(_documents(frame)),
        "open_items": tuple(_open_items(frame)),
        "openings": tuple(_openings(frame, lines)),
        "ar_movements": tuple(_movements(frame)),
        "ledger": lines,
        "posting_events": tuple(_events(frame, lines)),
        "periods": periods,
        "dated_entries": tuple(_dated(frame)),
    }


def _documents(frame: Frame) -> Iterator[ErpDocument]:
    """Those of documents of so far, wherever they were posted, and all that were posted so far."""
    billing = frame.evidence.billing
    known = {i.number for i in billing.invoices if frame.until(i.date)}
    known |= {n.number for n in billing.credit_notes if frame.until(n.date)}
    erp = frame.evidence.erp
    both: tuple[tuple[str, tuple[ErpInvoice | ErpCreditMemo, ...]], ...] = (
        ("invoice", erp.invoices),
        ("credit", erp.credit_memos),
    )
    for kind, rows in both:
        for row in rows:
            if row.external in known or (frame.until(row.date) and not row.external):
                yield ErpDocument(
                    id=row.id,
                    external=row.external,
                    kind=kind,
                    customer=frame.erp_customers.get(row.customer, row.customer),
                    on=date.fromisoformat(row.date),
                    period=row.period,
                    tax=money(row.tax, row.currency),
                    total=money(row.total, row.currency),
                    open=money(row.remaining, row.currency),
                    created_at=at(row.created_at),
                )


def _moved(frame: Frame) -> Iterator[tuple[str, str, int, str, str, int]]:
    """(document, kind, signed amount, currency, date, created) of all that moves receivables."""
    erp = frame.evidence.erp
    for invoice in erp.invoices:
        yield invoice.id, "invoice", invoice.total, invoice.currency, invoice.date, invoice.created_at
    for memo in erp.credit_memos:
        yield memo.id, "credit", -memo.total, memo.currency, memo.date, memo.created_at
    for receipt in erp.receipts:
        yield receipt.id, "receipt", -applied(receipt), receipt.currency, receipt.date, receipt.created_at
    for use in erp.deposit_uses:
        yield use.id, "receipt", -use.amount, use.currency, use.date, use.created_at
    deposits = {deposit.id for deposit in erp.deposits}
    for refund in (r for r in erp.refunds if r.credit_memo not in deposits):
        yield refund.id, "refund", refund.amount, refund.currency, refund.date, refund.created_at
    for entry, amount in owed_again(frame):
        yield entry.id, "return", amount, entry.currency, entry.date, entry.created_at


def _movements(frame: Frame) -> Iterator[ArMovement]:
    for document, kind, amount, currency, day, created in _moved(frame):
        if frame.start.isoformat() <= day and frame.until(day):
            yield ArMovement(
                document=document,
                kind=kind,
                amount=money(amount, currency),
                on=date.fromisoformat(day),
                period=frame.month,
                entity=frame.entities.get(document, ""),
                created_at=at(created),
            )


def _openings(frame: Frame, lines: tuple[LedgerLine, ...]) -> Iterator[Opening]:
    """Receivables at the month's start as the control account has them."""
    sums: dict[tuple[str, str], int] = {}
    for line in lines:
        if line.account == "1100" and line.on < frame.start:
            place = (line.entity, line.amount.currency)
            sums[place] = sums.get(place, 0) + line.amount.minor
    for (entity, currency), minor in sorted(sums.items()):
        yield Opening(kind="ar", amount=money(minor, currency), entity=entity)


def _less(frame: Frame) -> dict[str, int]:
    """What invoices are less by, and credits used by, at the end."""
    erp = frame.evidence.erp
    left: dict[str, int] = {}
    against = puts(frame)
    for receipt in erp.receipts:
        if frame.until(receipt.date):
            for document, amount in against[receipt.id]:
                left[document] = left.get(document, 0) - amount
    for use in erp.deposit_uses:
        for part in use.applied if frame.until(use.date) else ():
            left[part.document] = left.get(part.document, 0) - part.amount
    dates = {row.id: row.date for row in erp.invoices}
    for memo in erp.credit_memos:
        for part in memo.applied:
            if frame.until(max(memo.date, dates.get(part.document, memo.date))):
                left[part.document] = left.get(part.document, 0) - part.amount
                left[memo.id] = left.get(memo.id, 0) + part.amount
    for refund in erp.refunds:
        if frame.until(refund.date):
            left[refund.credit_memo] = left.get(refund.credit_memo, 0) + refund.amount
    return left


def _open_items(frame: Frame) -> Iterator[OpenItem]:
    """Invoices less what was applied to them by the end; credits less what was used or refunded of them."""
    erp = frame.evidence.erp
    left, by_invoice = _less(frame), paid_by_invoice(frame)
    for sign, rows in ((1, erp.invoices), (-1, erp.credit_memos)):
        for row in rows:
            amount = sign * row.total + left.get(row.id, 0)
            if frame.until(row.date) and amount:
                yield OpenItem(
                    document=row.id,
                    customer=frame.erp_customers.get(row.customer, row.customer),
                    amount=money(amount, row.currency),
                    entity=frame.entities.get(row.id, ""),
                    invoice=row.external,
                    due_on=on(row.due) if isinstance(row, ErpInvoice) else None,
                    dunned=row.external not in by_invoice,
                )


def _lines(frame: Frame) -> Iterator[LedgerLine]:
    created = {d.id: d.created_at for d in frame.evidence.erp.journals}
    turned_back = {d.id for d in frame.evidence.erp.journals if d.reverses}
    plans = {s.external: s.source for s in frame.evidence.erp.schedules}
    erp = frame.evidence.erp
    payers = {r.id: r.customer for r in erp.receipts} | {d.id: d.customer for d in erp.deposits}
    payers |= {u.id: u.customer for u in erp.deposit_uses} | {r.id: r.customer for r in erp.refunds}
    customers = {id_: frame.erp_customers.get(payer, payer) for id_, payer in payers.items()}
    for row in frame.evidence.erp.ledger:
        external = frame.documents.get(row.document, "")
        if frame.until(row.date) and not frame.is_valuation(row):
            dispute = _DISPUTE.fullmatch(external)
            document = dispute["id"] if dispute and row.kind == "journalEntry" else external
            document = between.handed_on(external) or document
            pob, contract = _obligation(frame, row, document, plans)
            yield LedgerLine(
                entry=row.document,
                account=row.account,
                amount=money(row.debit - row.credit, row.currency),
                on=date.fromisoformat(row.date),
                period=row.period,
                document=document,
                source=external,
                rule=row.kind,
                entity=row.entity,
                manual=not external and row.document not in turned_back,
                processor="processor" if row.account[:4] in ("1010", "1020") else "",
                customer=customers.get(row.document, ""),
                pob=pob,
                contract=contract,
                created_at=at(created[row.document]) if row.document in created else None,
            )


def _obligation(frame: Frame, row: Posted, document: str, plans: dict[str, str]) -> tuple[str, str]:
    """Deferred revenue by customer, for a credit goes against what others billed; the asset by contract;
    revenue by plan."""
    plan = next((word for word in row.memo.split() if word in plans), "")
    if row.account == "2100":
        billed = plans.get(plan, document)
        return frame.owner_of.get(billed, row.customer or billed), ""
    if row.account == "1150":
        # Use that is not billed is a right of its own, beside what is delivered by the day.
        return "", row.contract + (USE if document.startswith(ACCRUED) else "")
    return (plan, plans[plan]) if plan else ("", "")


def _events(frame: Frame, lines: tuple[LedgerLine, ...]) -> Iterator[PostingEvent]:
    """What called for an entry by the end. An entry that a closed period put off belongs to a later month."""
    rules: dict[str, set[str]] = {}
    evidence = frame.evidence
    for kind, rows in (("invoice", evidence.billing.invoices), ("creditMemo", evidence.billing.credit_notes)):
        for document in rows:
            if document.status == "Posted" and document.total and frame.until(document.date):
                rules.setdefault(document.number, set()).add(kind)
    intents = {c.id: c.intent for c in evidence.payments.charges}
    disputes = {d.id for d in evidence.payments.disputes}
    backs = {d.id for d in returned_debits(evidence).values()}
    arrived = {p.id for p in evidence.payments.payouts if p.paid_at and frame.came(p.paid_at)}
    # One that failed on its way is booked out and back again.
    arrived |= frame.sent_back
    for entry in evidence.payments.balance:
        if frame.came(entry.created_at) and (entry.kind != "payout" or entry.source in arrived):
            name = posting_of(entry, intents, backs, disputed=entry.source in disputes)
            kinds = {"charge": "customerPayment", "payment": "customerPayment", "refund": "customerRefund"}
            journal = entry.source in disputes or name.endswith("-failed")
            rules.setdefault(name, set()).add(
                "journalEntry" if journal else kinds.get(entry.kind, "journalEntry")
            )
    for dispute in evidence.payments.disputes:
        ended = dispute.status == "lost" and dispute.id not in backs
        if ended and dispute.closed_at and frame.came(dispute.closed_at):
            rules.setdefault(f"{dispute.id}-lost", set()).add("journalEntry")
    for journal_ in evidence.erp.journals:
        if _REVENUE_RUN.match(journal_.external) and frame.until(journal_.date):
            rules.setdefault(journal_.external, set()).add("journalEntry")
    paired = ((name, "journalEntry") for name in between.events(frame))
    for name, rule in (*events_of_transfers(frame), *paired):
        rules.setdefault(name, set()).add(rule)
    posted = {line.source or line.entry for line in lines}
    later = {external for external in frame.documents.values() if external not in posted}
    for name in sorted(rules):
        if name not in later:
            yield PostingEvent(id=name, rules=tuple(sorted(rules[name])))


def _dated(frame: Frame) -> Iterator[DatedEntry]:
    erp = frame.evidence.erp
    for kind, rows in (
        ("invoice", erp.invoices),
        ("credit", erp.credit_memos),
        ("receipt", erp.receipts),
        ("refund", erp.refunds),
        ("journal", erp.journals),
    ):
        for row in rows:
            if frame.until(row.date):
                run = kind == "journal" and _REVENUE_RUN.match(row.external)
                yield DatedEntry(
                    id=row.id,
                    kind="deferral" if run else kind,
                    on=on(row.date) or frame.start,
                    created_at=at(row.created_at),
                )
