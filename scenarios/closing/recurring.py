"""What recurs a month: moved by what sales won in the CRM, closing on what billing has under contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from core.close.reperform import half_up
from core.close.rows.sales import MrrItem, MrrMovement
from scenarios.closing.frame import Frame, money, on
from scenarios.evidence.crm import CrmOpportunity

_ENDLESS = date(9999, 1, 1)
# What nothing recurs in: everything on the contract stops on the day.
_STOPS = frozenset({"cancellation", "suspension"})
# customer, product, currency
Place = tuple[str, str, str]


@dataclass(slots=True)
class _Sold:
    """A contract as sales knows it on a day: lines by product as minor units a month, and its end; rests:
    lines that a suspension keeps."""

    account: str
    currency: str
    lines: dict[str, Fraction]
    end: date
    rests: dict[str, Fraction] | None = None


@dataclass(frozen=True, slots=True)
class _Step:
    """A change of a product's monthly amount on a day. deal: key of the opportunity, "" for a term's end."""

    day: date
    place: Place
    before: int
    after: int
    deal: str
    kind: str


def tables(frame: Frame) -> dict[str, tuple[Any, ...]]:
    """Tables of the extract by name."""
    before = frame.start - timedelta(days=1)
    opening, closing = _in_billing(frame, before), _in_billing(frame, frame.end - timedelta(days=1))
    return {
        "mrr_opening": tuple(_items(opening, frame.month)),
        "mrr_closing": tuple(_items(closing, frame.month)),
        "mrr_movements": tuple(_moves(frame)),
    }


def _items(sums: Mapping[Place, int], month: str) -> Iterator[MrrItem]:
    for (customer, product, currency), minor in sorted(sums.items()):
        yield MrrItem(customer=customer, product=product, month=month, amount=money(minor, currency))


def _in_billing(frame: Frame, day: date) -> dict[Place, int]:
    """By customer and product: recurring charges in force on a day, each in whole minor units a month."""
    billing = frame.evidence.billing
    by_use = {charge.charge for charge in billing.usage_charges}
    sums: dict[Place, int] = {}
    for sold in billing.subscriptions:
        last = on(sold.end) or _ENDLESS
        for segment in sold.segments:
            begins, ends = date.fromisoformat(segment.start), min(on(segment.end) or _ENDLESS, last)
            counts = segment.charge not in by_use and segment.period_months and sold.status != "Draft"
            if counts and begins <= day < ends and segment.amount:
                place = (frame.accounts.get(sold.account, sold.account), segment.product, sold.currency)
                part = half_up(Fraction(segment.amount, segment.period_months))
                sums[place] = sums.get(place, 0) + part
    return sums


def _moves(frame: Frame) -> Iterator[MrrMovement]:
    """Steps of the month. event: the order that billing took for the deal, "" if it took none."""
    placed = {order for sold in frame.evidence.billing.subscriptions for order in sold.orders}
    placed |= {f"O-{sold.number.removeprefix('S-')}" for sold in frame.evidence.billing.subscriptions}
    for step in _by_day(_steps(frame)):
        if frame.start <= step.day < frame.end and step.before != step.after:
            customer, product, currency = step.place
            known = not step.deal or f"O-{step.deal}" in placed
            yield MrrMovement(
                customer=customer,
                product=product,
                month=frame.month,
                kind=_kind(step),
                amount=money(step.after - step.before, currency),
                on=step.day,
                event=(step.deal or "end of term") if known else "",
            )


def _by_day(steps: Iterator[_Step]) -> list[_Step]:
    """What was changed and changed back on one day has not moved."""
    found: dict[tuple[date, Place], _Step] = {}
    for step in steps:
        first = found.get((step.day, step.place))
        found[step.day, step.place] = replace(step, before=first.before) if first else step
    return list(found.values())


def _kind(step: _Step) -> str:
    if not step.before:
        return "reactivation" if step.kind == "resumption" else "new"
    if not step.after:
        return "churn"
    return "expansion" if step.after > step.before else "contraction"


def _steps(frame: Frame) -> Iterator[_Step]:
    """What each won deal changes, in order of the day from which it holds; a term that nobody renewed
    ends by itself."""
    contracts: dict[str, _Sold] = {}
    deals = [o for o in frame.evidence.crm.opportunities if o.stage == "Closed Won" and o.start]
    for deal in sorted(deals, key=lambda o: (o.start, o.closed_at, o.key)):
        day = date.fromisoformat(deal.start)
        for key, sold in contracts.items():
            if sold.end < day or (sold.end == day and key != (deal.original or deal.key)):
                yield from _lapse(sold)
        original = deal.original or deal.key
        if deal.kind == "new":
            contracts[original] = _Sold(
                deal.account, deal.currency, _lines(frame, deal), on(deal.end) or _ENDLESS
            )
            yield from _differ(contracts[original], {}, contracts[original].lines, day, deal)
        elif original in contracts:
            yield from _change(frame, contracts[original], deal, day)
    for sold in contracts.values():
        yield from _lapse(sold)


def _change(frame: Frame, sold: _Sold, deal: CrmOpportunity, day: date) -> Iterator[_Step]:
    before = dict(sold.lines)
    if deal.kind in _STOPS:
        sold.rests = sold.lines if deal.kind == "suspension" else None
        sold.lines = {}
    elif deal.kind == "resumption":
        sold.lines, sold.rests = sold.rests or sold.lines, None
    elif deal.kind == "renewal":
        # What is not on the renewal's quote is not renewed.
        sold.lines = _lines(frame, deal)
        sold.end = on(deal.end) or _ENDLESS
    else:
        sold.lines = {**sold.lines, **_lines(frame, deal)}
        sold.end = on(deal.end) or sold.end
    yield from _differ(sold, before, sold.lines, day, deal)


def _lapse(sold: _Sold) -> Iterator[_Step]:
    if sold.lines and sold.end != _ENDLESS:
        before, sold.lines = sold.lines, {}
        yield from _differ(sold, before, {}, sold.end, None)


def _differ(
    sold: _Sold,
    before: Mapping[str, Fraction],
    after: Mapping[str, Fraction],
    day: date,
    deal: CrmOpportunity | None,
) -> Iterator[_Step]:
    for product in sorted({*before, *after}):
        then, now = half_up(before.get(product, Fraction(0))), half_up(after.get(product, Fraction(0)))
        place = (sold.account, product, sold.currency)
        yield _Step(day, place, then, now, deal.key if deal else "", deal.kind if deal else "end")


def _lines(frame: Frame, deal: CrmOpportunity) -> dict[str, Fraction]:
    """By product, minor units a month, exact; without what is billed by use or once."""
    found: dict[str, Fraction] = {}
    for line in frame.evidence.crm.quote_lines:
        if line.opportunity == deal.key and line.months and (line.price or not line.quantity):
            part = Fraction(line.quantity * line.price, line.months)
            found[line.product] = found.get(line.product, Fraction(0)) + part
    return found
