"""Month's end between entities: the fee for collecting, what is set off, what the group takes out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from core.canonical.erp import Between, Journal
from core.canonical.money import Money
from core.finance.calendar import last_day
from core.finance.exact import whole
from core.finance.ledger.chart import DUE_FROM, DUE_TO, FEE_REVENUE, INTERCOMPANY_COST
from core.finance.ledger.entities import SetOff
from core.finance.ledger.intercompany import Side, charged, set_off, taken_out
from core.ports.desk import Desk

# External ids: of fees, of what is set off, of balances and of results that the group takes out.
FEE, NET, OUT, OUT_RESULT = "IC-FEE-", "IC-NET-", "IC-ELIM-", "IC-ELIM-PL-"
_BALANCES, _RESULTS = (DUE_FROM, DUE_TO), (INTERCOMPANY_COST, FEE_REVENUE)
_Pair = tuple[str, str, str]  # owner, cashier, currency


async def settle_between(desk: Desk, month: date) -> int:
    """Fees, set-off and elimination of the month that begins on `month`, in this order, each from what the
    ledger holds by then; how many journals were posted. What was posted before is left as it is.

    Held where one side is missing; PeriodClosed where the month has been closed.
    """
    last = last_day(month)
    held = await _held(desk, last)
    fees, count = due_fees(desk, held), 0
    for owner, cashier, currency in _pairs(held):
        memo = f"Collection fee of {month:%Y-%m}, {cashier} for {owner}"
        name = f"{FEE}{month:%Y-%m}-{owner}-{cashier}-{currency}"
        fee = await _amount(desk, f"{name}-{owner}", fees.get((owner, cashier, currency), 0))
        if fee > 0:
            count += await _post(desk, charged(Money(fee, currency), owner, cashier, memo), name, last)
    nets = desk.routing.set_off is SetOff.OPPOSING
    against = opposing(await _held(desk, last)) if nets else {}
    for one, other, currency in (pair for pair in _pairs(held) if pair[0] < pair[1]):
        memo = f"Set off for {month:%Y-%m}, {one} and {other}"
        name = f"{NET}{month:%Y-%m}-{one}-{other}-{currency}"
        minor = await _amount(desk, f"{name}-{one}", against.get((one, other, currency), 0))
        if minor:
            count += await _post(desk, set_off(Money(minor, currency), one, other, memo), name, last)
    return count + await _eliminate(desk, month, last)


def due_fees(desk: Desk, held: Iterable[Between]) -> dict[_Pair, int]:
    """Of all that was ever collected, less what was charged for it before: so that what came late, or was
    given back, is in the next month's fee."""
    collected: defaultdict[_Pair, int] = defaultdict(int)
    before: defaultdict[_Pair, int] = defaultdict(int)
    for each in held:
        pair = each.entity, each.partner, each.balance.currency
        if each.account == DUE_FROM:
            collected[pair] += each.collected.minor
        elif each.account == DUE_TO:
            before[pair] -= each.charged.minor
    share = desk.routing.collection_fee
    rounding = desk.routing.fee_rounding
    fees = {pair: whole(minor * share, rounding) - before[pair] for pair, minor in collected.items()}
    return {pair: fee for pair, fee in fees.items() if fee}


def opposing(held: Iterable[Between]) -> dict[_Pair, int]:
    """By pair (the first by name first) and currency, what each owes the other while it is owed itself."""
    due: defaultdict[tuple[str, _Pair], int] = defaultdict(int)
    for each in held:
        if each.account in _BALANCES:
            due[each.account, (each.entity, each.partner, each.balance.currency)] += each.balance.minor
    pairs = {pair for _, pair in due if pair[0] < pair[1]}
    found = {}
    for pair in pairs:
        minor = min(due[DUE_FROM, pair], -due[DUE_TO, pair])
        if minor > 0:
            found[pair] = minor
    return found


def _pairs(held: Iterable[Between]) -> list[_Pair]:
    found = {(each.entity, each.partner, each.balance.currency) for each in held}
    return sorted(found | {(partner, entity, currency) for entity, partner, currency in found})


async def _amount(desk: Desk, first: str, minor: int) -> int:
    """What the first side stands over, where it was posted before: then the other side is over the same."""
    posted = await desk.erp.journal(first)
    return minor if posted is None else posted.total.minor


async def _eliminate(desk: Desk, month: date, last: date) -> int:
    """Balances as they stand, turned back on the first of the next month; results for good."""
    eliminations = desk.routing.eliminations
    if not eliminations:
        return 0
    count = 0
    held = await _held(desk, last)
    out = await _out(desk, last)
    for currency in sorted({each.balance.currency for each in held}):
        mine = [each for each in held if each.balance.currency == currency]
        for accounts, name in ((_BALANCES, OUT), (_RESULTS, OUT_RESULT)):
            key = f"{name}{month:%Y-%m}-{currency}"
            if await desk.erp.journal(f"{key}-{eliminations}") is not None:
                continue
            rows = [(e.account, e.partner, e.balance) for e in mine if e.account in accounts]
            if accounts is _RESULTS:
                # Of results, what earlier months took out stays out.
                rows += [(a, p, b) for a, p, b in out if a in accounts and b.currency == currency]
            side = taken_out(_netted(rows), eliminations, f"Elimination of {month:%Y-%m}")
            if side is not None:
                on = last + timedelta(days=1) if accounts is _BALANCES else None
                count += await _post(desk, (side,), key, last, on)
    return count


def _netted(rows: Iterable[tuple[str, str, Money]]) -> list[tuple[str, str, Money]]:
    sums: dict[tuple[str, str], Money] = {}
    for account, partner, amount in rows:
        sums[account, partner] = sums.get((account, partner), Money(0, amount.currency)) + amount
    return [(account, partner, amount) for (account, partner), amount in sorted(sums.items())]


async def _held(desk: Desk, on: date) -> list[Between]:
    found = await desk.erp.between(on)
    return [each for each in found if each.entity != desk.routing.eliminations]


async def _out(desk: Desk, on: date) -> list[tuple[str, str, Money]]:
    found = await desk.erp.between(on)
    mine = desk.routing.eliminations
    return [(each.account, each.partner, each.balance) for each in found if each.entity == mine]


async def _post(
    desk: Desk, sides: Iterable[Side], name: str, on: date, reverse_on: date | None = None
) -> int:
    count = 0
    for side in sides:
        key = f"{name}-{side.entity}"
        if await desk.erp.journal(key) is not None:
            continue
        lines = desk.classification.journal(side.lines)
        journal = Journal(key, on, side.currency, side.memo, lines, side.entity)
        await desk.erp.post_journal(replace(journal, reverse_on=reverse_on), f"between#{key}/post")
        count += 1
    return count
