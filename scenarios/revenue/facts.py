"""What was billed and planned, and what the ledger released, as rows; minor units of one currency."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from core.finance.calendar import Period, add_months
from core.finance.revenue.waterfall import Booked
from scenarios.evidence.billing import BillingCreditNote, BillingInvoice, DocumentLine
from scenarios.evidence.run import Evidence

REVENUE, DEFERRED, UNBILLED = "4000", "2100", "1150"


@dataclass(frozen=True, slots=True)
class Planned:
    """An amount over a service period that a document promises. document: number of the invoice or note,
    or what else a plan names; contract: number of the subscription; booked: the date of the
    document. Each product of a contract is spread for itself, as it is planned."""

    document: str
    contract: str
    amount: int
    service: Period
    booked: date

    @property
    def by_month(self) -> tuple[tuple[date, int], ...]:
        """Straight line by days, cut down at each month's end: worked out here with whole numbers, and
        not by the functions that release it."""
        days, gone, done, found = self.service.days, 0, 0, []
        sign, size = (-1, -self.amount) if self.amount < 0 else (1, self.amount)
        month = self.service.start.replace(day=1)
        while gone < days:
            following = add_months(month, 1)
            gone = (min(following, self.service.end) - self.service.start).days
            found.append((month, sign * (size * gone // days - done)))
            done, month = size * gone // days, following
        return tuple(found)

    @property
    def row(self) -> Booked:
        """As a row of the waterfall."""
        return Booked(self.contract, self.booked.replace(day=1), self.by_month)


def planned(evidence: Evidence, currency: str) -> list[Planned]:
    """Posted documents of billing, and plans in the ledger that have another source (refunds, disputes).

    Lines that are billed by use are revenue at once and have no plan; what is delivered once is earned on
    the day that people have written down, or which the ledger waits for.
    """
    segments = [segment for sold in evidence.billing.subscriptions for segment in sold.segments]
    once = {segment.charge for segment in segments if not segment.period_months}
    recur = {segment.charge for segment in segments} - {c.charge for c in evidence.billing.usage_charges}
    numbers = {sold.id: sold.number for sold in evidence.billing.subscriptions}
    found, documents, delivered = [], set(), _delivered(evidence)
    for sign, document in _documents(evidence, currency):
        documents.add(document.number)
        sums: defaultdict[tuple[str, str, str, str], int] = defaultdict(int)
        for line in document.lines:
            if line.charge in recur and line.start < line.end:
                contract = _contract(line, numbers)
                days = (line.start, line.end)
                if line.charge in once:
                    days = delivered.get((document.number, line.product, contract), days)
                sums[*days, line.product, contract] += sign * line.net
        for (start, end, _, contract), amount in sums.items():
            service = Period(date.fromisoformat(start), date.fromisoformat(end))
            booked = date.fromisoformat(document.date)
            found.append(Planned(document.number, contract, amount, service, booked))
    bundles = _by_order(evidence)
    for plan in evidence.erp.schedules:
        if plan.currency == currency and plan.source not in documents:
            service = Period(date.fromisoformat(plan.start), date.fromisoformat(plan.end))
            contract = bundles.get(plan.source, plan.source)
            found.append(Planned(plan.source, contract, plan.amount, service, service.start))
    return [each for each in found if each.amount]


def orders(evidence: Evidence) -> frozenset[str]:
    """Numbers under which bundles are allocated."""
    return frozenset(_by_order(evidence))


def released(evidence: Evidence, currency: str) -> dict[tuple[str, date], int]:
    """What revenue journals credited to revenue, by the plan's document and the month it was earned in."""
    source = {plan.external: plan.source for plan in evidence.erp.schedules}
    months = {j.id: found[1] for j in evidence.erp.journals if (found := _run(j.external))}
    sums: defaultdict[tuple[str, date], int] = defaultdict(int)
    for line in evidence.erp.ledger:
        if line.document in months and line.account == REVENUE and line.currency == currency:
            month = date.fromisoformat(f"{months[line.document]}-01")
            sums[source.get(line.memo, line.memo), month] += line.credit - line.debit
    return dict(sums)


def runs(evidence: Evidence) -> list[tuple[date, int]]:
    """Months for which revenue was released, with the moment of their first journal, in order."""
    first: dict[date, int] = {}
    for journal in evidence.erp.journals:
        if found := _run(journal.external):
            month = date.fromisoformat(f"{found[1]}-01")
            first[month] = min(first.get(month, journal.created_at), journal.created_at)
    return sorted(first.items())


def known_by(evidence: Evidence, moment: int) -> set[str]:
    """Documents whose plans were in the ledger at a moment."""
    return {plan.source for plan in evidence.erp.schedules if plan.created_at < moment}


def posted(evidence: Evidence) -> set[str]:
    """Documents that the ledger has, with a plan or without one yet, and what else has a plan."""
    erp = evidence.erp
    externals = {document.external for kind in (erp.invoices, erp.credit_memos) for document in kind}
    return externals | {plan.source for plan in erp.schedules}


def balance(evidence: Evidence, account: str, currency: str) -> int:
    """Of a ledger account at the end, debits positive; without use, which is planned nowhere."""
    return sum(
        line.debit - line.credit
        for line in evidence.erp.ledger
        if line.account == account and line.currency == currency and not line.memo.startswith("USE/")
    )


def evergreen(evidence: Evidence) -> frozenset[str]:
    """Contracts without a term, which the customer can end at any time."""
    return frozenset(sold.number for sold in evidence.billing.subscriptions if not sold.end)


def _documents(evidence: Evidence, currency: str) -> Iterator[tuple[int, BillingInvoice | BillingCreditNote]]:
    documents: Sequence[tuple[int, BillingInvoice | BillingCreditNote]] = [
        *((1, invoice) for invoice in evidence.billing.invoices),
        *((-1, note) for note in evidence.billing.credit_notes if note.source == "bill_run"),
    ]
    for sign, document in documents:
        if document.status == "Posted" and document.currency == currency:
            yield sign, document


def _contract(line: DocumentLine, numbers: dict[str, str]) -> str:
    return numbers.get(line.subscription, line.subscription)


def _delivered(evidence: Evidence) -> dict[tuple[str, str, str], tuple[str, str]]:
    """By document, product and contract: the day of what is delivered once, which the ledger moves there."""
    found = {}
    for plan in evidence.erp.schedules:
        begin, once, rest = plan.external.partition("-once-")
        if once:
            product, _, number = rest.partition("-S-")
            found[begin.removeprefix("RS-"), product, f"S-{number}"] = (plan.start, plan.end)
    return found


def _by_order(evidence: Evidence) -> dict[str, str]:
    return {order: sold.number for sold in evidence.billing.subscriptions for order in sold.orders}


def _run(external: str) -> re.Match[str] | None:
    return re.match(r"REV-(\d{4}-\d{2})-", external)
