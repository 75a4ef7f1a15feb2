"""What a subscription would look like and cost: planned before anything is done, or only previewed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from simulators.stripe.rules.billing.calendar import boundary_after, boundary_until, moment
from simulators.stripe.rules.billing.catalog_records import Discount, Metadata, Price, TaxRate
from simulators.stripe.rules.billing.contract_records import Item
from simulators.stripe.rules.billing.coupons import active
from simulators.stripe.rules.billing.desk import clash
from simulators.stripe.rules.billing.rating import cost, exact, rounded


@dataclass(slots=True)
class Planned:
    """One item as it will be. old: (price, quantity) before; reset: a new period begins and is billed.

    share: the part of a whole period that is billed now.
    """

    item: Item | None
    price: Price
    quantity: int | None
    tax_rates: tuple[TaxRate, ...] = ()
    discounts: tuple[Discount, ...] | None = None
    wished_discounts: Any = None
    metadata: Metadata = field(default_factory=dict)
    deleted: bool = False
    reset: bool = False
    period: tuple[int, int] = (0, 0)
    share: Fraction = Fraction(1)
    id: str = ""

    @property
    def metered(self) -> bool:
        """Billed afterwards, by use."""
        return self.price.recurring is not None and self.price.recurring.usage_type == "metered"

    @property
    def changed(self) -> bool:
        """Whether its price or quantity will differ, or it is new."""
        item = self.item
        return item is None or self.deleted or item.price is not self.price or item.quantity != self.quantity


@dataclass(frozen=True, slots=True)
class Prorated:
    """A credit or debit for part of a period."""

    planned: Planned
    price: Price
    quantity: int
    amount: int
    period: tuple[int, int]
    description: str
    credited: tuple[str, tuple[str, ...]] | None = None

    @property
    def unit(self) -> Any:
        """Of one, so that times quantity it is the amount."""
        return exact(Fraction(self.amount, self.quantity or 1))


def next_period(price: Price, anchor: int, start: int) -> tuple[int, int]:
    """The period of a price that begins at `start`."""
    recurring = price.recurring
    assert recurring is not None
    return start, boundary_after(anchor, recurring.interval, recurring.interval_count, start)


def whole(price: Price, anchor: int, end: int) -> int:
    """Seconds of the whole period that ends at `end`."""
    recurring = price.recurring
    assert recurring is not None
    return end - boundary_until(anchor, recurring.interval, recurring.interval_count, end - 1)


def price_cost(price: Price, currency: str, quantity: int) -> Fraction:
    """A whole period's cost; Refused when the price is not sold in the currency."""
    charged = price.charged_in(currency)
    if charged is None:
        text = (
            f"The price specified only supports `{price.currency}`. This doesn't match the expected currency:"
            f" `{currency}`."
        )
        raise clash(text, "items")
    return cost(price, charged, quantity)


def prorated(
    plan: Sequence[Planned], at: int, anchor: int, currency: str, discounts: Iterable[Discount]
) -> list[Prorated]:
    """Credits for what was billed and will not be used, debits for what will be and was not billed."""
    found = []
    for planned in plan:
        if not (planned.changed or planned.reset):
            continue
        credit = _credit(planned, at)
        if credit is not None:
            found.append(credit)
        if not (planned.deleted or planned.reset or planned.metered):
            debit = _debit(planned, at, anchor, currency, discounts)
            if debit is not None:
                found.append(debit)
    return found


def _credit(planned: Planned, at: int) -> Prorated | None:
    item = planned.item
    if item is None or item.billed is None:
        return None
    invoice, line, start, end, net = item.billed
    if not start <= at < end or not net:
        return None
    amount = -rounded(Fraction(net * (end - at), end - start))
    quantity = item.quantity or 0
    text = f"Unused time on {_many(quantity)}{item.price.product.name} after {_day(at)}"
    credited = (invoice, (line,)) if invoice else None
    return Prorated(planned, item.price, quantity, amount, (at, end), text, credited)


def _debit(
    planned: Planned, at: int, anchor: int, currency: str, discounts: Iterable[Discount]
) -> Prorated | None:
    end = planned.period[1]
    if end <= at:
        return None
    quantity = planned.quantity or 0
    share = Fraction(end - at, whole(planned.price, anchor, end))
    for discount in discounts:
        coupon = discount.coupon
        fits = not coupon.products or planned.price.product.id in coupon.products
        if coupon.percent is not None and fits and active(discount, at):
            share *= 1 - Fraction(coupon.percent) / 100
    amount = rounded(price_cost(planned.price, currency, quantity) * share)
    text = f"Remaining time on {_many(quantity)}{planned.price.product.name} after {_day(at)}"
    return Prorated(planned, planned.price, quantity, amount, (at, end), text)


def _many(quantity: int) -> str:
    return "" if quantity == 1 else f"{quantity} × "


def _day(at: int) -> str:
    of = moment(at)
    return f"{of.day:02d} {of:%b %Y}"
