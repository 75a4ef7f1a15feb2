"""Use that is not billed at a month's end is revenue of it all the same; the bill meets what stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from core.canonical.erp import Journal, JournalLine
from core.canonical.errors import CoreError, Held
from core.canonical.money import Money
from core.canonical.usage import UsageEvent
from core.finance.calendar import add_months, last_day
from core.finance.ledger.fact import Fact, Kind, amounts
from core.finance.ledger.policy import Policy
from core.finance.ledger.posting import post
from core.finance.revenue.policy import Use
from core.finance.usage.accrual import BilledUse, Unbilled, unbilled
from core.ports.desk import Desk
from core.steps.posting_day import post_in_open_period

# Use of periods that began longer before the month is billed by now, or never.
_MONTHS_BACK = 2
# Parts per journal: a ledger system takes some hundred lines in one entry.
_PARTS = 100


@dataclass(frozen=True, slots=True)
class _Part:
    """minor: units onto the asset, negative off it; memo: whose and why, so that it is known again."""

    of: Unbilled
    memo: str
    minor: int
    on: date


async def accrue_usage(desk: Desk, month: date) -> int:
    """Journals "USE-2026-01-USD-001", … for the month that begins on `month`; returns how many.

    P07: on the month's last day what is rated and not billed goes to the unbilled receivable. It is turned
    back on the day of the bill, and not before: what no bill has met stays. Nothing is posted twice: each
    line names contract, meter, period and month, and what stands under the name is taken into account.
    What cannot be rated is told to its owner, and stands in the way of no other contract; neither does one
    that billing does not show now: the others are posted before its error is raised.
    """
    if desk.revenue.use is Use.AT_BILLING:
        return 0
    end, since = last_day(month), add_months(month, -_MONTHS_BACK)
    used: defaultdict[str, list[UsageEvent]] = defaultdict(list)
    async for event in desk.billing.used_since(since):
        used[event.subscription].append(event)
    if not used:
        return 0
    billed: defaultdict[str, list[BilledUse]] = defaultdict(list)
    async for bill in desk.billing.use_billed_since(since):
        billed[bill.contract].append(bill)
    stands = await desk.erp.unbilled()
    parts: list[_Part] = []
    unread: CoreError | None = None
    for number, events in sorted(used.items()):
        try:
            contract = await desk.billing.metered_contract(number)
            for each in unbilled(contract, events, billed[number], end, since):
                parts += _parts(each, stands, month)
        except Held as held:
            desk.watch.alert("high", number, f"use not accrued: {held.detail}; ask {held.owner}")
        except CoreError as error:
            unread = error
    if parts and desk.routing.entities:
        desk.watch.alert(
            "high", "usage", "with several legal entities use is accrued by hand; ask controlling"
        )
        return 0
    count = await _post_all(desk, month, parts)
    if unread is not None:
        raise unread
    return count


def _parts(each: Unbilled, stands: Mapping[str, int], month: date) -> list[_Part]:
    name = f"USE/{each.contract.number}/{each.meter.unit}/{each.start}"
    end = last_day(month)

    def has(what: str, of: date) -> int:
        return stands.get(f"{name} {what} {of:%Y-%m}", 0)

    earlier = [add_months(month, -n) for n in range(1, _MONTHS_BACK + 2)]
    before = sum(has("unbilled", of) + has("billed", of) for of in earlier)
    found = []
    due = each.amount.minor - before
    if change := due - has("unbilled", month):
        # What was met in the month was met on the day of its bill.
        on = each.before[-1].on if change < 0 and each.before else end
        found.append(_Part(each, f"{name} unbilled {month:%Y-%m}", change, on))
    met = min(each.amount.minor, max(sum(bill.net.minor for bill in each.after), 0))
    if change := -met - has("billed", month):
        on = each.after[-1].on if each.after else end
        found.append(_Part(each, f"{name} billed {month:%Y-%m}", change, on))
    return found


async def _post_all(desk: Desk, month: date, parts: list[_Part]) -> int:
    by_place: defaultdict[tuple[date, str], list[_Part]] = defaultdict(list)
    for part in parts:
        by_place[part.on, part.of.amount.currency].append(part)
    count = 0
    for (on, currency), own in sorted(by_place.items()):
        number = 1
        for index in range(0, len(own), _PARTS):
            while await desk.erp.journal(key := f"USE-{month:%Y-%m}-{currency}-{number:03d}") is not None:
                number += 1
            await _post(desk, month, key, on, own[index : index + _PARTS])
            number += 1
            count += 1
    return count


async def _post(desk: Desk, month: date, key: str, on: date, parts: list[_Part]) -> None:
    lines: list[JournalLine] = []
    await desk.watch.tracer.touch(*(part.of.contract.number for part in parts))
    for part in parts:
        lines += _lines(desk, part)

    async def book(day: date) -> None:
        memo = f"Use of {month:%Y-%m} not billed at its end"
        if (day.year, day.month) != (on.year, on.month):
            memo += f", original period {on:%Y-%m}"
        journal = Journal(key, day, parts[0].of.amount.currency, memo, tuple(lines))
        await desk.erp.post_journal(journal, f"usage#{key}/post")

    await post_in_open_period(desk, on, book)


def _lines(desk: Desk, part: _Part) -> list[JournalLine]:
    """By rule P07, turned round where it is turned back."""
    contract, currency = part.of.contract, part.of.amount.currency
    nothing, amount = Money(0, currency), Money(abs(part.minor), currency)
    entry = post(Fact(Kind.USAGE_ACCRUED, part.memo, part.on, "ALL", amounts({"rated": amount})), Policy())
    at = desk.classification.at(part.of.meter.product, contract.customer, contract.number)
    found = []
    for line in entry.lines if entry is not None else ():
        debit = (line.amount.minor > 0) == (part.minor > 0)
        sides = (amount, nothing) if debit else (nothing, amount)
        found.append(JournalLine(line.account, *sides, part.memo, at))
    return found
