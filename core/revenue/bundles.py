"""Allocate the price of bundles: what each obligation is given beyond its own price, booked and planned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from core.canonical.erp import Dimensions, Journal, JournalLine, Schedule
from core.canonical.errors import Held
from core.canonical.money import Money
from core.canonical.orders import Order
from core.finance.calendar import last_day
from core.finance.ledger.dimensions import Classification
from core.finance.ledger.fact import Fact, Kind, Part
from core.finance.ledger.policy import Policy
from core.finance.ledger.posting import post
from core.finance.revenue.bundle import Version, versions
from core.ports.desk import Desk
from core.steps.posting_day import post_in_open_period
from core.steps.schedule_revenue import FAR_OFF, once_key

# Plans further away than this are not looked for: what nobody has delivered is planned nearer.
_REACH = timedelta(days=430)


async def allocate_bundles(desk: Desk, month: date) -> int:
    """Every bundle as it stands at the end of the month that begins on `month`; how many plans were made or
    moved.

    The prices and stand-alone prices are those of the accepted quotes, which freeze the catalogue's on the
    day of the deal. An order that has all its plans is left as it is, but for the day of what is delivered
    once. What cannot be allocated is told to its owner, and stands in the way of no other contract.
    """
    contracts: defaultdict[str, list[Order]] = defaultdict(list)
    async for order in desk.crm.bundles():
        if isinstance(order, Held):
            desk.watch.alert("high", "bundle", f"not allocated: {order.detail}; ask {order.owner}")
        else:
            contracts[order.subscription].append(order)
    if not contracts:
        return 0
    through, policy = last_day(month), desk.revenue
    known = {plan.key: plan async for plan in desk.erp.schedules(month - _REACH, through + _REACH)}
    count = 0
    for subscription, orders in sorted(contracts.items()):
        try:
            found = versions(orders, through, FAR_OFF, policy.rule, policy.allocation)
            for version in found:
                count += await _book(desk, version, orders[0], known)
            count += await _deliver(desk, found, through, known)
        except Held as held:
            desk.watch.alert("high", subscription, f"not allocated: {held.detail}; ask {held.owner}")
    return count


async def _deliver(desk: Desk, found: list[Version], through: date, known: Mapping[str, Schedule]) -> int:
    """The plans of bills for what is delivered once: on its day, or far off while that is not known."""
    count = 0
    for product, day in (found[-1].done if found else {}).items():
        start = day.start if day is not None else through + FAR_OFF
        ends = once_key("", product, found[-1].contract)
        for plan in known.values():
            if plan.key.endswith(ends) and plan.start != start:
                moved = replace(plan, start=start, end=start + timedelta(days=1))
                await desk.erp.add_schedule(moved, f"allocation#{plan.key}/deliver/{start}")
                count += 1
    return count


async def _book(desk: Desk, version: Version, contract: Order, known: Mapping[str, Schedule]) -> int:
    """The journal first: an order whose plans are there has it."""
    missing = [plan for plan in version.plans if plan.key not in known]
    for plan in version.plans:
        stands = known.get(plan.key, plan)
        if stands.amount != plan.amount:
            said = f"{plan.key} stands over {stands.amount}, the quotes now give {plan.amount}"
            desk.watch.alert(
                "high", contract.subscription, f"{said}; correct it by hand, ask revenue accounting"
            )
        elif (stands.start, stands.end) != (plan.start, plan.end):
            missing.append(plan)
    if not missing:
        return 0
    if desk.routing.entities:
        raise Held("bundle: with several legal entities it is allocated by hand", owner="revenue accounting")
    await desk.watch.tracer.touch(contract.subscription)
    journal = _journal(desk.classification, version, contract)
    if journal is not None and await desk.erp.journal(journal.key) is None:

        async def book(day: date) -> None:
            memo = (
                journal.memo if day == journal.on else f"{journal.memo}, original period {journal.on:%Y-%m}"
            )
            moved = Journal(journal.key, day, journal.currency, memo, journal.lines)
            await desk.erp.post_journal(moved, f"allocation#{journal.key}/post")

        await post_in_open_period(desk, version.on, book)
    for plan in missing:
        await desk.erp.add_schedule(plan, f"allocation#{version.order}/plan/{plan.key}/{plan.start}")
    return len(missing)


def _journal(classification: Classification, version: Version, contract: Order) -> Journal | None:
    """Rule P14: between the deferred revenue of the obligations; None where nothing is moved."""
    parts = tuple(
        Part("carve", amount, Dimensions(product=product, contract=contract.subscription))
        for product, amount in sorted(version.moved.items())
    )
    entry = post(Fact(Kind.PRICE_ALLOCATED, version.order, version.on, "ALL", parts), Policy())
    if entry is None:
        return None
    nothing = Money(0, contract.currency)
    lines = []
    for line in entry.lines:
        at = classification.at(line.at.product, contract.account, contract.subscription)
        memo = f"SSP-{version.order}-{line.at.product}"
        sides = (line.debit, nothing) if line.amount.minor > 0 else (nothing, line.credit)
        lines.append(JournalLine(line.account, *sides, memo, at))
    memo = f"Allocation of {version.order} by stand-alone prices"
    return Journal(f"P14-{version.order}", version.on, contract.currency, memo, tuple(lines))
