"""From what is due to the lines of a document: charges, credits, usage, and the discounts off them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from simulators.zuora.rules.contracts import Charge, Segment, Subscription
from simulators.zuora.rules.documents import Item
from simulators.zuora.rules.funds import Drawing
from simulators.zuora.rules.ledger import Entry, Ledger
from simulators.zuora.rules.metering import PROCESSED
from simulators.zuora.rules.rating import WIDE
from simulators.zuora.rules.state import State


@dataclass(frozen=True, slots=True)
class Due:
    """A charge that may have something to bill, with its memory."""

    subscription: Subscription
    charge: Charge
    ledger: Ledger


@dataclass(frozen=True, slots=True)
class Off:
    """A discount in force: its charge and the segment that says how much."""

    subscription: Subscription
    charge: Charge
    segment: Segment


def lines(
    state: State, dues: Iterable[Due], known: Iterable[Subscription], target: date, currency: str
) -> list[Item]:
    """The lines of everything due on or before `target`. known: subscriptions whose discounts count."""
    placed: list[tuple[tuple[int, str, date, int], Item]] = []
    fixed: list[Item] = []
    for due in dues:
        for line in due.ledger.take(due.charge, target, currency, Drawing(state)):
            item = _item(state, due, line.segment, line.start, line.end, line.net, line.quantity, line.entry)
            if due.charge.source.discount is not None:
                item.net = -item.net
                fixed.append(item)
                continue
            place = (due.subscription.seq, due.charge.number, line.start, 0 if line.net < 0 else 1)
            placed.append((place, item))
    placed.sort(key=lambda pair: pair[0])
    items = [item for _, item in placed]
    items += _percentages(state, items, list(known))
    items += _amounts(items, fixed)
    for item in items:
        item.id = state.new_id()
    return items


def _item(
    state: State,
    due: Due | Off,
    segment: Segment,
    start: date,
    end: date,
    net: int,
    quantity: Decimal,
    entry: Entry | None,
) -> Item:
    return Item(
        id="",
        subscription=due.subscription,
        charge=due.charge,
        start=start,
        end=end,
        net=net,
        quantity=quantity,
        price=segment.price,
        created_at=state.now(),
        entry=entry,
    )


def settle_usage(items: Iterable[Item]) -> None:
    """The usage that the lines bill is processed."""
    for item in items:
        if isinstance(item.entry, Entry):
            for reading in item.entry.readings:
                reading.status = PROCESSED


def _percentages(state: State, items: list[Item], known: list[Subscription]) -> list[Item]:
    """What percentage discounts take off each line, as lines of their own, and give back with its credit."""
    offs = [
        Off(sold, charge, segment)
        for sold in known
        for charge in sold.charges
        if charge.source.discount is not None and charge.source.discount.percent
        for segment in charge.segments
    ]
    found = []
    for item in items:
        piece = item.entry.piece if item.entry else None
        if item.net < 0 and piece is not None:
            mine = list(piece.offs)
        else:
            mine = [off for off in offs if off.segment.holds(item.start) and _reaches(off, item)]
            if piece is not None:
                piece.offs = tuple(mine)
        left = item.net
        for off in mine:
            stacked = bool(off.charge.source.extra.get("IsStackedDiscount"))
            taken = _whole(Decimal(left if stacked else item.net) * off.segment.price / 100, state)
            left -= taken
            if taken:
                line = _item(state, off, off.segment, item.start, item.end, -taken, Decimal(1), None)
                line.discounted = item
                found.append(line)
    return found


def _amounts(items: list[Item], fixed: list[Item]) -> list[Item]:
    """Fixed discounts, each at most what it is taken off; what is left of one is lost."""
    found = []
    for line in fixed:
        off = Off(line.subscription, line.charge, line.charge.segments[0]) if line.charge.segments else None
        if line.net > 0 or off is None:
            found.append(line)
            continue
        mine = [item for item in items if item.net > 0 and _reaches(off, item)]
        line.net = -min(-line.net, sum(item.net for item in mine))
        if line.net:
            line.discounted = mine[0]
            found.append(line)
    return found


def _reaches(off: Off, item: Item) -> bool:
    """Whether the discount is taken off the line's charge: by its level and the kind of charge."""
    discount = off.charge.source.discount
    if discount is None or item.charge.source.kind not in discount.kinds:
        return False
    if discount.level == "account":
        return True
    if off.subscription.number != item.subscription.number:
        return False
    if discount.level == "subscription":
        return True
    return any(
        off.charge.number in numbers and item.charge.number in numbers
        for plan in item.subscription.plans
        if (numbers := {charge.number for charge in plan.charges})
    )


def _whole(exact: Decimal, state: State) -> int:
    return int(exact.quantize(Decimal(1), state.rules.rounding, WIDE))
