"""Invoices, credit notes, tax and use, out of a run's books."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

from core.close.rows.billing import (
    BillingDocument,
    InvoiceLine,
    PriceVersion,
    RatedUsage,
    Tier,
    UsageEvent,
    period_of,
)
from core.close.rows.ledger import TaxLine
from scenarios.closing.frame import Frame, at, money, on
from scenarios.evidence.billing import BillingCreditNote, BillingInvoice, DocumentLine

# How billing means its tiers.
MODES = {"Per Unit Pricing": "graduated", "Tiered Pricing": "graduated", "Volume Pricing": "volume"}
# Use that no invoice has yet.
_UNBILLED = "9999-12"
_STATES = {"Posted": "posted", "Draft": "draft"}


def tables(frame: Frame) -> dict[str, tuple[Any, ...]]:
    """Tables of the extract by name."""
    documents = tuple(_documents(frame))
    posted = [d for d in documents if d.status == "posted"]
    return {
        "documents": documents,
        "billing_tax": tuple(_billing_tax(posted)),
        "tax_lines": tuple(_tax_lines(frame)),
        "usage_events": tuple(_usage_events(frame)),
        "rated_usage": tuple(_rated(frame)),
        "prices": tuple(prices(frame)) if unpriced(frame) == "" else (),
    }


def unpriced(frame: Frame) -> str:
    """Why use cannot be rated a second time; "" if it can."""
    charges = frame.evidence.billing.usage_charges
    odd = sorted({charge.model for charge in charges} - set(MODES))
    if odd:
        return f"use is priced by {', '.join(odd)}, which is not rated a second time"
    return ""


def _documents(frame: Frame) -> Iterator[BillingDocument]:
    usage = {row.line: row.unit for row in frame.evidence.billing.usage if row.line}
    refunds = {r.credit_note: r.reference for r in frame.evidence.billing.refunds if r.reference}
    for invoice in frame.evidence.billing.invoices:
        if frame.until(invoice.date):
            yield _document(frame, invoice, "invoice", usage)
    for note in frame.evidence.billing.credit_notes:
        if frame.until(note.date):
            yield _document(frame, note, "credit", usage, refunds.get(note.number, refunds.get(note.id, "")))


def _document(
    frame: Frame, row: BillingInvoice | BillingCreditNote, kind: str, usage: dict[str, str], refund: str = ""
) -> BillingDocument:
    total = money(row.total, row.currency)
    # A refund gives money back, a write-off gives it up: neither takes a day of service.
    back = isinstance(row, BillingCreditNote) and row.source in ("refund", "write_off")
    return BillingDocument(
        id=row.id,
        number=row.number,
        kind=kind,
        customer=frame.accounts.get(row.account, row.account),
        status=_STATES.get(row.status, "void"),
        on=date.fromisoformat(row.date),
        net=money(row.net, row.currency),
        tax=money(row.tax, row.currency),
        total=total,
        due_amount=money(max(row.total, 0), row.currency),
        lines=tuple(_line(frame, line, row.currency, usage.get(line.id, ""), back) for line in row.lines),
        posted_at=at(row.posted_at) if row.posted_at else None,
        original=row.invoice if isinstance(row, BillingCreditNote) else "",
        refund=refund,
    )


def _line(frame: Frame, line: DocumentLine, currency: str, meter: str, back: bool) -> InvoiceLine:
    """Service as far as it lies in what is closed; whether days are charged or given back is by the sign."""
    start, end = on(line.start), on(line.end)
    if start and end and not meter:
        end = max(min(end, frame.billed_through), start)
    return InvoiceLine(
        id=line.id,
        net=money(line.net, currency),
        tax=money(line.tax, currency),
        item=line.charge,
        product=line.product,
        subscription=line.subscription,
        kind="usage" if meter else "one_time" if back else "recurring",
        meter=meter,
        start=start,
        end=end,
        reversing=line.net < 0,
    )


def _billing_tax(documents: list[BillingDocument]) -> Iterator[TaxLine]:
    for document in documents:
        sign = -1 if document.kind == "credit" else 1
        currency = document.tax.currency
        yield TaxLine(
            document=document.number,
            tax=money(sign * document.tax.minor, currency),
            base=money(sign * document.net.minor, currency),
            on=document.on,
        )


def _tax_lines(frame: Frame) -> Iterator[TaxLine]:
    for row in frame.evidence.tax.documents:
        if frame.until(row.date):
            yield TaxLine(
                entity=frame.entity_of.get(row.code, ""),
                document=row.code,
                code=row.id,
                tax=money(row.tax, row.currency),
                base=money(row.net, row.currency),
                status=row.status.lower(),
                on=date.fromisoformat(row.date),
            )


def _usage_events(frame: Frame) -> Iterator[UsageEvent]:
    for row in frame.evidence.product.usage:
        if frame.until(row.on):
            day = date.fromisoformat(row.on)
            when = datetime(day.year, day.month, day.day, tzinfo=UTC)
            yield UsageEvent(
                id=row.id,
                customer=row.account,
                meter=row.meter,
                item=row.subscription,
                at=when,
                received_at=max(at(row.at), when + timedelta(seconds=1)),
                quantity=Fraction(row.quantity),
            )


def _rated(frame: Frame) -> Iterator[RatedUsage]:
    invoices = [i for i in frame.evidence.billing.invoices if frame.until(i.date)]
    lines = {line.id: line for invoice in invoices for line in invoice.lines}
    charges = {(c.subscription, c.unit): c.charge for c in frame.evidence.billing.usage_charges}
    for row in frame.evidence.billing.usage:
        if frame.until(row.on):
            start = on(lines[row.line].start) if row.line in lines else None
            yield RatedUsage(
                event=row.event,
                customer=frame.accounts.get(row.account, row.account),
                meter=row.unit,
                item=charges.get((row.subscription, row.unit), row.subscription),
                on=date.fromisoformat(row.on),
                quantity=Fraction(row.quantity),
                period=period_of(start) if start else _UNBILLED,
            )


def prices(frame: Frame) -> Iterator[PriceVersion]:
    """Of each charge by use, as billing has its tiers; KeyError for a model that is `unpriced`."""
    for charge in frame.evidence.billing.usage_charges:
        yield PriceVersion(
            item=charge.charge,
            meter=charge.unit,
            version="1",
            start=date.min,
            end=None,
            currency=charge.currency,
            tiers=tuple(
                Tier(
                    up_to=Fraction(tier.up_to) if tier.up_to else None,
                    unit=Fraction(0) if tier.flat else Fraction(tier.price),
                    flat=Fraction(tier.price) if tier.flat else Fraction(0),
                )
                for tier in charge.tiers
            ),
            mode=MODES[charge.model],
        )
