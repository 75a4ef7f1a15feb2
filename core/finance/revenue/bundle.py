"""A bundle over its life: what each order of it moves between its obligations, and the plans of that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.canonical.erp import Schedule
from core.canonical.errors import Held
from core.canonical.money import Money
from core.canonical.orders import Order, OrderKind, OrderLine
from core.finance.calendar import Period
from core.finance.revenue.allocation import OWNER, Allocation
from core.finance.revenue.bundle_terms import Move, Promise, Terms
from core.finance.revenue.modification import Change, Treatment, treatment
from core.finance.revenue.schedule import Rule

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Version:
    """One order of a bundle. moved: by product, what the order gives it beyond its own price (negative:
    takes from it), adding up to nothing; plans: of these amounts, each over what is left of the service, and
    of what is delivered once on that day, far off while it is not known; done: days of what was delivered
    once, or will not be any more, by product."""

    order: str
    contract: str
    on: date
    moved: Mapping[str, Money]
    plans: tuple[Schedule, ...]
    done: Mapping[str, Period | None]


def versions(
    orders: Iterable[Order], through: date, far_off: timedelta, rule: Rule, policy: Allocation
) -> list[Version]:
    """Of one contract, by the orders that take effect up to and with `through`; far_off: how long after
    that day what nobody has delivered is planned.

    The price of a term is allocated when it begins, by the stand-alone prices of that day; a change that is
    no separate contract allocates what is left of it anew, over what is left of the service (IFRS 15.20,
    21 a). Held where a stand-alone price is missing, the contract has no end, or it rests.
    """
    terms: Terms | None = None
    steps: list[tuple[Order, list[Move]]] = []
    for order in sorted((each for each in orders if each.start <= through), key=lambda o: (o.start, o.key)):
        lines = [_as_known(line, through) for line in order.lines]
        if order.kind in (OrderKind.NEW, OrderKind.RENEWAL):
            terms = _begun(terms, order, rule)
            _apply(terms, lines)
            steps.append((order, _allocated(terms, lines, policy)))
        elif terms is None:
            raise Held(f"{order.key}: changes a bundle that nobody sold; find its first order", owner=OWNER)
        elif order.kind is OrderKind.AMENDMENT:
            left = {name: terms.moved_left(promise, order.start) for name, promise in terms.promises.items()}
            if not _apply(terms, lines):
                steps.append((order, _respread(terms, order.start, left, policy)))
        elif order.kind is OrderKind.CANCELLATION:
            steps.append((order, _ended(terms, order.start)))
            break
        else:
            raise Held(f"{order.key}: a bundle that rests is allocated by hand", owner=OWNER)
    # Only now is it known when each thing was delivered or given up.
    return [_version(terms, order, moves, through + far_off) for order, moves in steps if terms is not None]


def _as_known(line: OrderLine, through: date) -> OrderLine:
    later = line.delivered is not None and line.delivered > through
    return replace(line, delivered=None) if later else line


def _begun(before: Terms | None, order: Order, rule: Rule) -> Terms:
    if order.end is None:
        raise Held(f"{order.key}: a bundle without an end has no price to allocate; give a term", owner=OWNER)
    # What was to be delivered once is promised still, or done; what recurs is agreed on anew.
    kept = {name: each for name, each in before.promises.items() if each.once} if before else {}
    return Terms(order.currency, order.start, order.end, rule, kept)


def _apply(terms: Terms, lines: Sequence[OrderLine]) -> bool:
    """Put the lines into the contract; whether they only add, at the stand-alone price."""
    alone = []
    for line in lines:
        held = terms.promises.get(line.product)
        price = held.line.price if held else line.price
        if held is not None and line.quantity == line.prior and price == line.price:
            continue
        alone.append(line.quantity > line.prior and line.price == line.alone == price)
        if held is None:
            terms.promises[line.product] = Promise(line)
        else:
            held.line = replace(line, delivered=line.delivered or held.line.delivered)
    added = bool(alone) and all(alone)
    change = Change(remaining_distinct=True, added_distinct=added, at_standalone_price=added)
    return treatment(change) is Treatment.SEPARATE


def _allocated(terms: Terms, lines: Sequence[OrderLine], policy: Allocation) -> list[Move]:
    """A term that begins: each obligation of its lines gets its share of their price."""
    fresh = {line.product: terms.promises[line.product] for line in lines if line.quantity}
    own = {name: terms.price_left(promise, terms.start) for name, promise in fresh.items()}
    worth = {name: terms.alone_left(promise, terms.start) for name, promise in fresh.items()}
    given = policy.share(Money(sum(own.values()), terms.currency), worth)
    return [terms.move(name, given[name].minor - own[name], terms.start) for name in fresh]


def _respread(terms: Terms, on: date, left: Mapping[str, int], policy: Allocation) -> list[Move]:
    """A prospective change: what is left of prices and moved amounts, over what is left to deliver."""
    own = {name: terms.price_left(promise, on) for name, promise in terms.promises.items()}
    worth = {
        name: terms.alone_left(promise, on)
        for name, promise in terms.promises.items()
        if terms.open_on(promise, on)
    }
    moved = {name: left.get(name, 0) for name in own}
    pool = Money(sum(own.values()) + sum(moved.values()), terms.currency)
    if not worth:
        raise Held(f"change of {on}: it leaves nothing to deliver; cancel the contract", owner=OWNER)
    policy.without_residual(worth, f"change of {on}")
    given = {name: part.minor for name, part in policy.share(pool, worth).items()}
    amounts = {name: given.get(name, 0) - own[name] - moved[name] for name in own}
    return [terms.move(name, amount, on) for name, amount in amounts.items() if amount]


def _ended(terms: Terms, on: date) -> list[Move]:
    """The contract is over: what was moved and not earned is settled on the day, and what was to be
    delivered once will not be: it is earned, for nothing more is owed for it."""
    found = []
    for name, promise in terms.promises.items():
        if promise.once:
            promise.given_up = promise.given_up or on
        elif left := terms.moved_left(promise, on):
            found.append(terms.move(name, -left, on))
            found.append(Move(name, left, Period(on, on + _DAY), "-end"))
    return found


def _version(terms: Terms, order: Order, moves: Sequence[Move], later: date) -> Version:
    plans, moved = [], dict[str, int]()
    for move in moves:
        moved[move.product] = moved.get(move.product, 0) + move.amount
        days = move.days or terms.promises[move.product].done or Period(later, later + _DAY)
        amount = Money(move.amount, order.currency)
        if amount:
            key = f"SSP-{order.number}-{move.product}{move.suffix}"
            plans.append(
                Schedule(
                    key,
                    order.number,
                    amount,
                    days.start,
                    days.end,
                    product=move.product,
                    contract=order.subscription,
                    customer=order.account,
                )
            )
    amounts = {name: Money(amount, order.currency) for name, amount in moved.items() if amount}
    done = {name: promise.done for name, promise in terms.promises.items() if promise.once}
    return Version(order.number, order.subscription, order.start, amounts, tuple(plans), done)
