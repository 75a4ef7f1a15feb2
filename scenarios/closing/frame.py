"""The month that is closed, and the indexes by which one book's rows are named in another's words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from core.canonical.money import Money
from scenarios.evidence.erp import LedgerLine
from scenarios.evidence.payments import Charge
from scenarios.evidence.run import Evidence

# The ledger account of the only bank.
BANK = "1000"
VALUATION = "FXR-"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


class NoSuchMonth(ValueError):
    """The month cannot be closed: what it is, why, and which can be."""


@dataclass(frozen=True, slots=True)
class Frame:
    """[start, end) of the month; everything below is as the books stood at its end, by accounting date.

    accounts: id of a billing account -> key of the customer; erp_customers: internal id -> key;
    documents: internal id of an ERP document -> its external id; entities: the same -> legal entity;
    billed_through: day of the last bill run before the end, which may have missed what was sold on it;
    entity_of: external id -> legal entity; owner_of: billed document or dispute -> key of the customer;
    put_off: documents that the ledger took in a later month, for their own was closed; cut_off: the end,
    UTC, also as `ends_us` and `ends_on`, by which every row is asked whether it lies before it.
    """

    evidence: Evidence
    month: str
    start: date
    end: date
    accounts: Mapping[str, str]
    erp_customers: Mapping[str, str]
    documents: Mapping[str, str]
    entities: Mapping[str, str]
    billed_through: date
    entity_of: Mapping[str, str]
    owner_of: Mapping[str, str]
    put_off: frozenset[str]
    cut_off: datetime
    ends_us: int
    ends_on: str

    @property
    def sent_back(self) -> frozenset[str]:
        """Payouts that the bank refused or sent back by the end."""
        entries = self.evidence.payments.balance
        return frozenset(e.source for e in entries if e.kind == "payout_failure" and self.came(e.created_at))

    @property
    def refunds_back(self) -> frozenset[str]:
        """Refunds that the customer's bank sent back by the end."""
        entries = self.evidence.payments.balance
        return frozenset(e.source for e in entries if e.kind == "refund_failure" and self.came(e.created_at))

    @property
    def charges(self) -> tuple[Charge, ...]:
        """Those that had been decided by the end: a debit is under way for days."""
        books = self.evidence.payments
        entered = {e.source: e.created_at for e in books.balance}
        return tuple(c for c in books.charges if self.came(entered.get(c.id, c.created_at)))

    def is_valuation(self, line: LedgerLine) -> bool:
        """Whether it revalues, or takes that back: home currency alone, no document is open by more."""
        names = (self.documents.get(line.document, ""), line.memo)
        return any(name.startswith(VALUATION) for name in names)

    def until(self, day: str) -> bool:
        """Whether a date lies before the end."""
        return day < self.ends_on

    def came(self, microseconds: int) -> bool:
        """Whether a moment lies before the cut-off."""
        return microseconds < self.ends_us


def parse(month: str) -> date:
    """Its first day; NoSuchMonth for what is none."""
    if not _MONTH.fullmatch(month):
        raise NoSuchMonth(f"month: {month!r} is none; give one such as 2026-01")
    return date.fromisoformat(month + "-01")


def frame(evidence: Evidence, month: str) -> Frame:
    """NoSuchMonth unless the run had business in all of the month."""
    start = parse(month)
    end = (start + timedelta(days=32)).replace(day=1)
    first, last = at(evidence.started_at).date(), date.fromisoformat(evidence.billed_through)
    if start < first.replace(day=1) or end - timedelta(days=1) > last:
        raise NoSuchMonth(
            f"month: {month} is not over in this run, which had business from {first} to {last}; "
            "name a month that lies in it, or play more months"
        )
    erp = evidence.erp
    documents = {
        row.id: row.external
        for rows in (erp.invoices, erp.credit_memos, erp.receipts, erp.refunds, erp.journals)
        for row in rows
    }
    documents |= {d.id: d.external for d in erp.deposits} | {u.id: u.external for u in erp.deposit_uses}
    accounts = {account.id: account.crm_account for account in evidence.billing.accounts}
    entities = {line.document: line.entity for line in erp.ledger}
    cut_off = datetime(end.year, end.month, end.day, tzinfo=UTC)
    return Frame(
        evidence,
        month,
        start,
        end,
        accounts,
        {customer.id: customer.external for customer in erp.customers},
        documents,
        entities,
        _billed_through(evidence, end),
        {external: entities.get(id_, "") for id_, external in documents.items()},
        _owners(evidence, accounts),
        _put_off(evidence, end),
        cut_off,
        (cut_off - _EPOCH) // timedelta(microseconds=1),
        end.isoformat(),
    )


def _put_off(evidence: Evidence, end: date) -> frozenset[str]:
    closed = {period.name for period in evidence.erp.periods if period.closed_at}
    dated = {i.number: i.date[:7] for i in evidence.billing.invoices}
    dated |= {n.number: n.date[:7] for n in evidence.billing.credit_notes}
    posted = {i.external: i.date for i in evidence.erp.invoices}
    posted |= {m.external: m.date for m in evidence.erp.credit_memos}
    late = (name for name, day in posted.items() if day >= end.isoformat())
    return frozenset(name for name in late if dated.get(name, "") in closed)


def _billed_through(evidence: Evidence, end: date) -> date:
    """Bills are run for what is due on the day, and early on it."""
    runs = [at(c.at).date() for c in evidence.changes if (c.system, c.kind) == ("zuora", "bill_run")]
    return max((day for day in runs if day < end), default=end)


def _owners(evidence: Evidence, accounts: Mapping[str, str]) -> dict[str, str]:
    billing = evidence.billing
    found = {i.number: accounts.get(i.account, i.account) for i in billing.invoices}
    found |= {n.number: accounts.get(n.account, n.account) for n in billing.credit_notes}
    # A bundle is allocated by order.
    found |= {order: accounts.get(s.account, "") for s in billing.subscriptions for order in s.orders}
    invoices = {intent.id: intent.invoice for intent in evidence.payments.intents}
    disputes = {d.id: found.get(invoices.get(d.intent, ""), "") for d in evidence.payments.disputes}
    return {**found, **disputes}


@lru_cache(maxsize=1 << 16)
def at(microseconds: int) -> datetime:
    """A moment, UTC."""
    return _EPOCH + timedelta(microseconds=microseconds)


def on(text: str) -> date | None:
    """A date, None where there is none."""
    return date.fromisoformat(text) if text else None


def money(minor: int, currency: str) -> Money:
    """As the core has it."""
    return Money(minor, currency)
