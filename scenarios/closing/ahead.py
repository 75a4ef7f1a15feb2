"""Where each contract stands at the month's end: recognised, billed, and what is ahead of its bill."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from core.close.rows.revenue import ContractProgress
from scenarios.closing.frame import Frame, money
from scenarios.evidence.erp import RevenueSchedule

# Journals of use that is not billed yet, and how its part of a contract is named here.
ACCRUED, USE = "USE-", "/use"
# (contract, currency)
_Whose = tuple[str, str]


def progress(
    frame: Frame, plans: Iterable[RevenueSchedule], released: Mapping[tuple[str, str], int]
) -> tuple[ContractProgress, ...]:
    """Billed: as billing has it by then, less what refunds, write-offs and disputes ended, as their plans
    have it. released: by plan and month, what the ledger has recognised by then."""
    owners: dict[str, str] = {}
    billed = _billed(frame, plans, owners)
    recognised: Counter[_Whose] = Counter()
    by_name = {plan.external: plan for plan in frame.evidence.erp.schedules}
    for (name, _), minor in released.items():
        if plan := by_name.get(name):
            recognised[plan.contract, plan.currency] += minor
    for line in frame.evidence.erp.ledger:
        accrued = frame.documents.get(line.document, "").startswith(ACCRUED)
        if accrued and line.account == "4010" and frame.until(line.date):
            owners[line.contract + USE] = line.customer
            recognised[line.contract + USE, line.currency] += line.credit - line.debit
    deferred: Counter[_Whose] = Counter()
    for line in frame.evidence.erp.ledger:
        if line.account == "2100" and frame.until(line.date) and not frame.is_valuation(line):
            deferred[line.contract, line.currency] += line.credit - line.debit
    return tuple(
        ContractProgress(
            contract=contract,
            recognised=money(recognised[contract, currency], currency),
            billed=money(billed[contract, currency], currency),
            deferred=money(deferred[contract, currency], currency),
            customer=owners.get(contract, ""),
        )
        for contract, currency in sorted({*billed, *recognised})
    )


def _billed(frame: Frame, plans: Iterable[RevenueSchedule], owners: dict[str, str]) -> Counter[_Whose]:
    billing = frame.evidence.billing
    used = {row.line for row in billing.usage if row.line}
    numbers = {sold.id: sold.number for sold in billing.subscriptions}
    owners |= {s.number: frame.accounts.get(s.account, s.account) for s in billing.subscriptions}
    found: Counter[_Whose] = Counter()
    put_off = frame.put_off
    runs = [note for note in billing.credit_notes if note.source == "bill_run"]
    # What a bundle's parts give each other is nothing of the contract's.
    ended = {note.number for note in billing.credit_notes if note.source != "bill_run"}
    ended |= {dispute.id for dispute in frame.evidence.payments.disputes}
    for sign, rows in ((1, billing.invoices), (-1, runs)):
        for row in rows:
            if row.status == "Posted" and frame.until(row.date) and row.number not in put_off:
                for line in row.lines:
                    if line.id not in used and line.start < line.end:
                        contract = numbers.get(line.subscription, line.subscription)
                        found[contract, row.currency] += sign * line.net
    for plan in plans:
        if plan.source in ended:
            found[plan.contract, plan.currency] += plan.amount
    return found
