"""C16: what the processor sent is at the bank: by trace, else by amount and date, else in one sum."""

from __future__ import annotations

from datetime import date
from itertools import combinations

from core.close.control import Control, Entry, Pair, Sides, terms, worth
from core.close.extract import Extract
from core.close.reperform import business_days_after
from core.close.rows.cash import BankLine, Payout

# How many payouts a bank may have put into one credit.
_TOGETHER_MAX = 5
_CANDIDATES_MAX = 14


def _sides(extract: Extract) -> Sides:
    payouts = [p for p in extract.payouts if p.status != "pending" and p.sent_on < extract.end]
    lines = [b for b in extract.bank_lines if b.kind == "processor"]
    found = match(extract, payouts, lines)
    lefts: list[Entry] = []
    rights: list[Entry] = []
    for group, arrived in found:
        key = ("+".join(p.id for p in group) or "+".join(line.id for line in arrived),)
        for payout in group:
            left = (("arrival", "arrived"), ("account", payout.account), ("form", "alone"))
            lefts.append(worth(key, payout.amount, left, payout))
        for line in arrived:
            failed = any(payout.status == "failed" for payout in group)
            right = (
                ("arrival", "returned" if failed else "arrived"),
                ("account", line.account),
                ("form", "combined" if len(group) > 1 else "alone"),
            )
            rights.append(worth(key, line.amount, right, line))
    return lefts, rights


def match(
    extract: Extract, payouts: list[Payout], lines: list[BankLine]
) -> list[tuple[list[Payout], list[BankLine]]]:
    """Groups that belong together; what found no partner stands alone."""
    groups: list[tuple[list[Payout], list[BankLine]]] = []
    rest = list(lines)
    waiting: list[Payout] = []
    for payout in sorted(payouts, key=lambda p: (p.sent_on, p.id)):
        traced = [b for b in rest if payout.trace and payout.trace in (b.trace, *b.reference.split())]
        if not traced and payout.status != "failed":
            traced = [b for b in rest if not (b.trace and payout.trace) and _fits(extract, [payout], b)][:1]
        if traced:
            rest = [b for b in rest if b not in traced]
            groups.append(([payout], traced))
        else:
            waiting.append(payout)
    for line in list(rest):
        group = _in_one_sum(extract, waiting, line)
        if group:
            rest.remove(line)
            waiting = [payout for payout in waiting if payout not in group]
            groups.append((group, [line]))
    return groups + [([payout], []) for payout in waiting] + [([], [line]) for line in rest]


def _in_one_sum(extract: Extract, waiting: list[Payout], line: BankLine) -> list[Payout]:
    near = [p for p in waiting if p.status != "failed" and _in_time(extract, p, line.on)]
    for count in range(2, min(_TOGETHER_MAX, len(near)) + 1):
        for group in combinations(near[:_CANDIDATES_MAX], count):
            if _fits(extract, list(group), line):
                return list(group)
    return []


def _fits(extract: Extract, group: list[Payout], line: BankLine) -> bool:
    currencies = {p.amount.currency for p in group} | {line.amount.currency}
    total = sum(p.amount.minor for p in group)
    return (
        len(currencies) == 1
        and total == line.amount.minor
        and all(_in_time(extract, p, line.on) for p in group)
    )


def _in_time(extract: Extract, payout: Payout, on: date) -> bool:
    return payout.sent_on <= on <= _latest(extract, payout)


def _latest(extract: Extract, payout: Payout) -> date:
    return business_days_after(max(payout.arrival_on, payout.sent_on), extract.policies.bank_days)


def agreed(extract: Extract) -> set[str]:
    """Ids of payouts that the bank has."""
    payouts = [p for p in extract.payouts if p.status != "pending"]
    found = match(extract, payouts, [b for b in extract.bank_lines if b.kind == "processor"])
    return {payout.id for group, lines in found if lines for payout in group}


def _cause(extract: Extract, pair: Pair) -> str:
    if not pair.lefts:
        return ""
    payout = pair.lefts[0].row
    assert isinstance(payout, Payout)
    if payout.status == "failed":
        return "failed/returned"
    if not pair.rights:
        return "in transit at month end" if _latest(extract, payout) >= extract.end else ""
    if "form" in pair.apart or len(pair.lefts) > 1:
        return "combined by bank"
    if "account" in pair.apart:
        return "wrong account"
    if pair.mixed:
        return "FX"
    return "bank fee netted" if pair.amount > 0 else ""


CONTROL = Control("C16", terms("C16"), ("payouts", "bank_lines"), _sides, _cause)
