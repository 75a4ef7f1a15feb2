"""C10: every document of the billing register stands in receivables once, as it is, where it belongs."""

from __future__ import annotations

from datetime import datetime

from core.close.control import Control, Pair, Sides, terms, worth
from core.close.extract import Extract
from core.close.rows.billing import BillingDocument
from core.close.rows.ledger import ErpDocument

_KINDS = frozenset({"invoice", "credit", "void", "write_off"})


def _sides(extract: Extract) -> Sides:
    documents = [d for d in extract.documents if d.kind in _KINDS and d.status == "posted"]
    mine = {(d.kind, d.number) for d in documents if d.on.isoformat()[:7] == extract.month}
    mine |= {(e.kind, e.external or e.id) for e in extract.erp_documents if e.period == extract.month}
    entered = {e.external: e.created_at for e in extract.erp_documents if e.created_at}
    lefts = [
        worth((d.kind, d.number), d.total, _expected(extract, d, entered.get(d.number)), d)
        for d in documents
        if (d.kind, d.number) in mine
    ]
    rights = [
        worth((e.kind, e.external or e.id), e.total, _facts(e.entity, e.tax.minor, e.period, e.status), e)
        for e in extract.erp_documents
        if (e.kind, e.external or e.id) in mine
    ]
    return lefts, rights


def _expected(
    extract: Extract, document: BillingDocument, entered: datetime | None
) -> tuple[tuple[str, str], ...]:
    period = posting_period(extract, document, entered or document.posted_at)
    return _facts(document.entity, document.tax.minor, period, "posted")


def _facts(entity: str, tax: int, period: str, status: str) -> tuple[tuple[str, str], ...]:
    said = (("entity", entity), ("tax", str(tax)), ("period", period), ("status", status))
    return tuple((name, text) for name, text in said if text)


def posting_period(extract: Extract, document: BillingDocument, entered: datetime | None) -> str:
    """The month of the document's own date, or the first after it that was open when it was entered."""
    month = document.on.isoformat()[:7]
    if entered is None:
        return month
    for period in sorted(extract.periods, key=lambda p: p.start):
        if period.entity in ("", document.entity) and period.name >= month:
            locked = period.locked_at is not None and period.locked_at <= entered
            if not locked:
                return period.name
    return month


def _cause(_extract: Extract, pair: Pair) -> str:
    if not pair.lefts:
        return ""
    if not pair.rights:
        return "missing"
    if len(pair.rights) > 1:
        return "duplicate posting (retry)"
    other = pair.rights[0].row
    assert isinstance(other, ErpDocument)
    if "status" in pair.apart:
        return "rejected by sync"
    if "entity" in pair.apart:
        return "wrong entity"
    if pair.amount or pair.mixed or "tax" in pair.apart:
        return "edited in ERP"
    return "wrong period" if "period" in pair.apart else ""


CONTROL = Control("C10", terms("C10"), ("documents", "erp_documents"), _sides, _cause)
