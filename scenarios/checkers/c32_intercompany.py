"""C32: what one entity of ours is owed by another, the other owes, and the group takes it out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from scenarios.checkers.days import day
from scenarios.checkers.findings import distinct, exactly_one, grouped, major, unequal
from scenarios.checkers.revenue import revenue_month
from scenarios.evidence.conventions import EntityPolicy
from scenarios.evidence.erp import ErpJournal, LedgerLine
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged

CLEARING, DUE_FROM, DUE_TO, COST, EARNED = "1010", "1300", "2400", "5000", "4100"
BETWEEN = (DUE_FROM, DUE_TO)
_CASH, _FEE, _NET, _OUT, _OUT_RESULT = "IC-CASH-", "IC-FEE-", "IC-NET-", "IC-ELIM-", "IC-ELIM-PL-"


# Days after a month until which its period must have been open.
_OPEN_DAYS, _DAY_US, _NEVER = 2, 86_400_000_000, 2**63


@dataclass(frozen=True, slots=True)
class _Group:
    """keys: of entities by internal id; cashiers: internal ids by currency; lines: by external id."""

    evidence: Evidence
    keys: dict[str, str]
    cashiers: dict[str, str]
    journals: dict[str, list[ErpJournal]]
    lines: dict[str, list[LedgerLine]]
    eliminates: str

    def of(self, journal: ErpJournal) -> list[LedgerLine]:
        """Its postings."""
        return self.lines.get(f"journalEntry/{journal.id}", [])


def check(evidence: Evidence) -> Verdict:
    """Every movement on clearing of an entity that does not take the currency in stands between it and the
    one that does, once on each side and over the same. Fees come to the agreed share of what was collected.
    At each month's end the group takes all of it out; on day 1 that is turned back."""
    policy = evidence.conventions.entities
    if not policy.cashiers:
        return judged("C32", 0, [])
    ids = {entity.key: entity.id for entity in evidence.erp.entities if entity.key}
    group = _Group(
        evidence,
        {id_: key for key, id_ in ids.items()},
        {currency: ids.get(key, "") for currency, key in policy.cashiers},
        grouped(evidence.erp.journals, lambda journal: journal.external),
        grouped(evidence.erp.ledger, lambda line: f"{line.kind}/{line.document}"),
        ids.get(policy.eliminations, ""),
    )
    movements = list(_movements(group))
    moved = [each for each in movements if group.cashiers.get(each[2], each[1]) != each[1]]
    witnesses = [*_mirrored(group)]
    for name, owner, currency, amount in moved:
        witnesses += _passed_on(group, name, owner, currency, amount)
    if group.eliminates:
        for month in _settled(evidence):
            witnesses += [
                *_fees(group, month),
                *_both_ways(group, month),
                *_taken_out(group, month),
            ]
    return judged("C32", len(movements), witnesses)


def _settled(evidence: Evidence) -> list[str]:
    """Months whose revenue was released and whose books took postings until then: what is between entities
    follows on the same day. One that was closed before is made good in the next."""
    closed = {p.name: p.closed_at for p in evidence.erp.periods if p.closed}
    ends = {p.name: (day(p.end) - day("1970-01-01") + _OPEN_DAYS) * _DAY_US for p in evidence.erp.periods}
    months = {month for j in evidence.erp.journals if (month := revenue_month(j.external))}
    return sorted(m for m in months if closed.get(m, _NEVER) >= ends.get(m, 0))


def _movements(group: _Group) -> Iterator[tuple[str, str, str, int]]:
    """(external id, whose books, currency, amount) of what moved clearing."""
    erp = group.evidence.erp
    names = {f"customerPayment/{row.id}": row.external for row in erp.receipts}
    names |= {f"customerRefund/{row.id}": row.external for row in erp.refunds}
    names |= {f"journalEntry/{row.id}": row.external for row in erp.journals}
    for place, external in names.items():
        mine = [line for line in group.lines.get(place, ()) if line.account == CLEARING]
        amount = sum(line.debit - line.credit for line in mine)
        if amount and not external.startswith(_CASH):
            yield external, mine[0].entity, mine[0].currency, amount


def _passed_on(group: _Group, name: str, owner: str, currency: str, amount: int) -> Iterator[Witness]:
    cashier = group.cashiers[currency]
    sides = (
        (owner, cashier, {DUE_FROM: amount, CLEARING: -amount}),
        (cashier, owner, {CLEARING: amount, DUE_TO: -amount}),
    )
    for entity, partner, due in sides:
        external = f"{_CASH}{name}-{group.keys[entity]}"
        found = group.journals.get(external, [])
        what = f"{external}, {name} passed on in the books of {group.keys[entity]}"
        yield from exactly_one(what, found, (name, external), abs(amount), currency)
        for journal in found[:1]:
            lines = group.of(journal)
            is_now = Counter[str]()
            for line in lines:
                is_now[line.account] += line.debit - line.credit
            for account in sorted({*due, *is_now}):
                at = f"account {account} in {external}"
                yield from unequal(at, is_now[account], due.get(account, 0), currency, (name, external))
            wrong = [
                x for x in lines if x.entity != entity or (x.account in BETWEEN and x.partner != partner)
            ]
            for line in wrong[:1]:
                said = f"{external} stands in the books of {line.entity} against {line.partner or 'nobody'}, "
                said += f"should be in those of {entity} against {partner}"
                yield Witness("other", (name, external), said, amount, currency)


def _mirrored(group: _Group) -> Iterator[Witness]:
    """By pair and currency: due from the one is due to the other."""
    sums: Counter[tuple[str, str, str]] = Counter()
    for line in group.evidence.erp.ledger:
        if line.account in BETWEEN and line.entity != group.eliminates:
            # From the creditor's side.
            pair = (line.entity, line.partner) if line.account == DUE_FROM else (line.partner, line.entity)
            sums[(*pair, line.currency)] += line.debit - line.credit
    for (creditor, debtor, currency), rest in sorted(sums.items()):
        if rest:
            names = [group.keys.get(id_, id_ or "nobody") for id_ in (creditor, debtor)]
            said = f"between {names[0]} and {names[1]} {major(rest, currency)} stand on one side only"
            yield Witness("other", distinct(creditor, debtor), said, rest, currency)


def _fees(group: _Group, month: str) -> Iterator[Witness]:
    """Up to and with this month's, by what the ledger had when it was charged."""
    share = Fraction(group.evidence.conventions.entities.collection_fee_percent) / 100
    pairs = {
        (line.entity, line.partner, line.currency)
        for line in group.evidence.erp.ledger
        if line.account == DUE_FROM and line.entity != group.eliminates
    }
    for owner, cashier, currency in sorted(pairs):
        names = group.keys.get(owner, owner), group.keys.get(cashier, cashier)
        external = f"{_FEE}{month}-{names[0]}-{names[1]}-{currency}-{names[0]}"
        found = group.journals.get(external, [])
        ran = min((j.created_at for j in found), default=_ran(group, month))
        here = (owner, cashier, currency)
        collected = _sum(group, DUE_FROM, here, month, ran, _CASH)
        charged = -_sum(group, DUE_TO, here, month, ran + 1, _FEE)
        due = max(_rounded(collected * share, group.evidence.conventions.entities), 0)
        # What was given back later takes off later fees, and gives none back.
        if charged < due or (charged > due and found):
            what = f"fees that {names[0]} owes {names[1]} for collecting up to {month}"
            yield from unequal(what, charged, due, currency, distinct(external, *names))


def _rounded(amount: Fraction, policy: EntityPolicy) -> int:
    """A positive amount to whole minor units, as the transfer price is rounded."""
    floor, rest = amount.numerator // amount.denominator, amount % 1
    half = Fraction(1, 2)
    up = {
        "half_up": rest >= half,
        "half_even": rest > half or (rest == half and floor % 2 == 1),
        "up": rest > 0,
        "down": False,
    }[policy.collection_fee_rounding]
    return floor + up


def _both_ways(group: _Group, month: str) -> Iterator[Witness]:
    """Where opposing balances are set off, nobody owes and is owed by the same at a month's end; where they
    are not, nothing is set off."""
    policy = group.evidence.conventions.entities
    nets = [j for j in group.evidence.erp.journals if j.external.startswith(f"{_NET}{month}-")]
    if policy.set_off == "gross":
        for journal in nets:
            said = f"{journal.external} sets off what both sides are to show in full"
            yield Witness("other", distinct(journal.external, journal.id), said)
        return
    ran = _charged(group, month)
    moment = max((j.created_at + 1 for j in nets), default=ran)
    pairs = {
        (x.entity, x.partner, x.currency)
        for x in group.evidence.erp.ledger
        if x.account in BETWEEN and x.entity != group.eliminates
    }
    for pair in sorted(pairs):
        owed = _sum(group, DUE_FROM, pair, month, moment, "IC-")
        owes = -_sum(group, DUE_TO, pair, month, moment, "IC-")
        if ran and min(owed, owes) > 0:
            names = [group.keys.get(id_, id_) for id_ in pair[:2]]
            said = f"{names[0]} is owed {major(owed, pair[2])} by {names[1]} and owes it "
            said += f"{major(owes, pair[2])} at the end of {month}; the smaller is to be set off"
            yield Witness("other", distinct(*pair), said, min(owed, owes), pair[2])


def _sum(
    group: _Group, account: str, pair: tuple[str, str, str], month: str, before: int, prefix: str
) -> int:
    """Of journals of a kind that were there before a moment, dated in the month or before."""
    found = 0
    for journal in group.evidence.erp.journals:
        if journal.external.startswith(prefix) and journal.date[:7] <= month and journal.created_at < before:
            for line in group.of(journal):
                if line.account == account and (line.entity, line.partner, line.currency) == pair:
                    found += line.debit - line.credit
    return found


def _ran(group: _Group, month: str) -> int:
    """When the month's revenue was posted: what is between entities follows on the same day."""
    runs = [j.created_at for j in group.evidence.erp.journals if revenue_month(j.external) == month]
    return min(runs, default=0)


def _charged(group: _Group, month: str) -> int:
    """When the fees of the month were there."""
    fees = [j.created_at + 1 for j in group.evidence.erp.journals if j.external.startswith(_FEE + month)]
    return max(fees, default=0)


def _taken_out(group: _Group, month: str) -> Iterator[Witness]:
    key = group.keys[group.eliminates]
    currencies = {x.currency for x in group.evidence.erp.ledger if x.account in BETWEEN}
    reversed_by = grouped(group.evidence.erp.journals, lambda journal: journal.reverses)
    for currency in sorted(currencies):
        for accounts, prefix in ((BETWEEN, _OUT), ((COST, EARNED), _OUT_RESULT)):
            external = f"{prefix}{month}-{currency}-{key}"
            found = group.journals.get(external, [])
            # What nobody took out is judged by what was there when it should have been.
            missed = _ran(group, month) if accounts is BETWEEN else _charged(group, month)
            moment = min((j.created_at + 1 for j in found), default=missed)
            for account in accounts:
                rest = _standing(group, account, currency, month, moment)
                what = f"account {account} of the group at the end of {month}, with what {external} takes out"
                yield from unequal(what, rest, 0, currency, distinct(external, account))
            if accounts is BETWEEN:
                for journal in found:
                    back = reversed_by.get(journal.id, [])
                    what = f"{external} turned back on the first of the next month"
                    yield from exactly_one(what, back, (external,), 0, currency)


def _standing(group: _Group, account: str, currency: str, month: str, before: int) -> int:
    lines: Sequence[LedgerLine] = [
        line
        for journal in group.evidence.erp.journals
        if journal.date[:7] <= month and journal.created_at < before
        for line in group.of(journal)
    ]
    return sum(
        line.debit - line.credit
        for line in lines
        if line.account == account and line.currency == currency and line.partner
    )
