"""C19: what the processor paid out is at the bank, once and whole, and the ledger's cash is the bank's."""

from __future__ import annotations

from scenarios.checkers.findings import differs, distinct, escalated, exactly_one, grouped, totals, unequal
from scenarios.checkers.lookups import excused, ledger_totals, links
from scenarios.evidence.bank import BankLine
from scenarios.evidence.payments import Payout
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged


def check(evidence: Evidence) -> Verdict:
    """Per payout: one credit of its amount if it was paid, one debit of the same if it came back later,
    nothing if it never arrived; no line without a payout or a customer; each balance is the one before and
    the line. Per currency: 1000 = the bank's balance less what waits for a human. Undecided without one."""
    bank, known = evidence.bank, links(evidence)
    if not bank.name:
        return judged("C19", 0, [])
    of_payout = grouped(bank.lines, lambda line: line.trace)
    payouts = {payout.id: payout for payout in evidence.payments.payouts}
    witnesses: list[Witness] = []
    for payout in payouts.values():
        witnesses += _arrived(payout, of_payout.get(payout.id, []))
    for line in bank.lines:
        if line.trace not in payouts and not line.transfer:
            names = distinct(line.id, line.trace)
            said = f"line {line.id} of the bank is of no payout"
            witnesses.append(Witness("orphaned", names, said, line.amount, line.currency))
    witnesses += _balances(evidence)
    erp = evidence.erp
    posted = {row.external for rows in (erp.journals, erp.receipts, erp.refunds) for row in rows}
    posted |= {deposit.external.removesuffix("-deposit") for deposit in erp.deposits}
    named = [(line.trace or line.transfer, line) for line in bank.lines]
    waiting = [line for name, line in named if name and name not in posted and excused(known, name)]
    due = totals(
        [
            *((account.currency, account.balance) for account in bank.accounts),
            *((line.currency, -line.amount) for line in waiting),
        ]
    )
    cash = ledger_totals(evidence, "1000")
    for currency in sorted({**due, **cash}):
        names = distinct("1000", currency, *(x.trace for x in bank.lines if x.currency == currency))
        what = f"cash in the ledger, as against the bank, in {currency}"
        witnesses += unequal(what, cash.get(currency, 0), due.get(currency, 0), currency, names)
    examined = len(payouts) + len(bank.lines)
    return judged(
        "C19", examined, witnesses, escalated(len({line.trace or line.transfer for line in waiting}))
    )


def _arrived(payout: Payout, lines: list[BankLine]) -> list[Witness]:
    came = [line for line in lines if (line.amount > 0) == (payout.amount > 0)]
    left = [line for line in lines if line not in came]
    was_there = payout.status == "paid" or (payout.status == "failed" and payout.paid_at > 0)
    came_back = was_there and payout.status == "failed"
    found: list[Witness] = []
    for what, mine, due, sign in (("arrival", came, was_there, 1), ("return", left, came_back, -1)):
        names = distinct(payout.id, *(line.id for line in mine))
        said = f"{what} of {payout.id} at the bank"
        if due:
            found += exactly_one(said, mine, names, payout.amount, payout.currency)
        elif mine:
            total = sum(line.amount for line in mine)
            found.append(Witness("orphaned", names, f"{said}, which never was", total, payout.currency))
        for line in mine[:1] if due else ():
            found += unequal(said, line.amount, sign * payout.amount, payout.currency, names)
            found += differs(f"currency of {said}", line.currency, payout.currency, names)
    return found


def _balances(evidence: Evidence) -> list[Witness]:
    found: list[Witness] = []
    for account in evidence.bank.accounts:
        balance = 0
        mine = [line for line in evidence.bank.lines if line.account == account.id]
        for line in mine:
            balance += line.amount
            what = f"balance of {account.id} after {line.id}"
            found += unequal(what, line.balance, balance, account.currency, (account.id, line.id))
            balance = line.balance
        what = f"closing balance of {account.id}"
        found += unequal(what, account.balance, balance, account.currency, (account.id,))
    return found
