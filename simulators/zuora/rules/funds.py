"""Funds of subscriptions: which there are, and drawing usage from them when it is rated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b

from simulators.zuora.rules.calendar import add_months
from simulators.zuora.rules.catalogue import ONE_TIME
from simulators.zuora.rules.contracts import Charge, Subscription
from simulators.zuora.rules.metering import Reading
from simulators.zuora.rules.prepaid import (
    ACCOUNT_SCOPE,
    DRAWDOWN,
    PLAN_SCOPE,
    TOPUP,
    Draw,
    Fund,
    Prepaid,
)
from simulators.zuora.rules.state import State


@dataclass(frozen=True, slots=True)
class Drawing:
    """Draws a usage record from the funds that its charge may use."""

    state: State

    def __call__(self, charge: Charge, reading: Reading) -> tuple[Draw, ...]:
        """What it took, from the fund that ends first on; nothing where the charge is no drawdown."""
        terms = charge.source.prepaid
        if terms is None or terms.operation != DRAWDOWN or reading.quantity <= 0:
            return ()
        needed, draws = reading.quantity * terms.rate, []
        for fund in self._funds(charge, terms, reading):
            taken = min(needed, fund.balance)
            if taken <= 0:
                continue
            draw = Draw(
                fund,
                reading.id,
                charge.number,
                reading.on,
                taken,
                taken / terms.rate,
                reading.unit,
                terms.rate,
                self.state.now(),
            )
            fund.draws.append(draw)
            draws.append(draw)
            needed -= taken
        return tuple(draws)

    def _funds(self, charge: Charge, terms: Prepaid, reading: Reading) -> list[Fund]:
        sold, _ = self.state.charges[charge.number]
        found = []
        for other in self.state.subscriptions.where("accountId", sold.account.id).values():
            for top, fund in funds_of(self.state, other, reading.on):
                if (
                    fund.unit == terms.unit
                    and fund.valid_on(reading.on)
                    and _reaches(top, other, charge, sold)
                ):
                    found.append(fund)
        return sorted(found, key=lambda fund: (fund.end or date.max, fund.start, fund.charge))


def funds_of(state: State, sold: Subscription, until: date) -> Iterator[tuple[Charge, Fund]]:
    """The funds of a subscription that began on or before a day, each with its topup charge."""
    for charge in sold.charges:
        terms = charge.source.prepaid
        if terms is not None and terms.operation == TOPUP and charge.begun_on and charge.segments:
            for start, end in _validity(charge, terms, sold, until):
                yield charge, _fund(state, charge, terms, start, end)


def _validity(
    charge: Charge, terms: Prepaid, sold: Subscription, until: date
) -> Iterator[tuple[date, date | None]]:
    """The validity periods of a topup charge, counted from its start; a one-time charge has one."""
    first, last = charge.begun_on, charge.last
    if first is None or last is None:
        return
    once = charge.source.kind == ONE_TIME
    limit = sold.end if once else last.end
    number, start = 0, first
    while start <= until and (limit is None or start < limit):
        number += 1
        following = add_months(first, number * terms.months, first.day) if terms.months else None
        end = min((day for day in (following, limit) if day is not None), default=None)
        yield start, end
        if once or following is None:
            return
        start = following


def _fund(state: State, charge: Charge, terms: Prepaid, start: date, end: date | None) -> Fund:
    segment = next((each for each in charge.segments if each.holds(start)), charge.segments[-1])
    total = terms.quantity * segment.quantity
    kept = state.funds.get((charge.number, start))
    if kept is None:
        key = blake2b(f"{charge.number}/{start}".encode(), digest_size=16).hexdigest()
        kept = Fund(key, charge.number, start, end, terms.unit, total, segment.number)
        state.funds[charge.number, start] = kept
    # A cancellation or another quantity changes a fund that is there; what was drawn stays drawn.
    kept.end, kept.total, kept.segment = end, total, segment.number
    return kept


def _reaches(top: Charge, funded: Subscription, charge: Charge, sold: Subscription) -> bool:
    scope = top.source.prepaid.scope if top.source.prepaid else ""
    if scope == ACCOUNT_SCOPE:
        return True
    if funded.number != sold.number:
        return False
    if scope == PLAN_SCOPE:
        return any(top in plan.charges and charge in plan.charges for plan in sold.plans)
    return True
