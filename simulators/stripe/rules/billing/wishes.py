"""What is asked of a subscription's items, read into a plan; nothing is changed by that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulators.stripe.rules.billing.calendar import length
from simulators.stripe.rules.billing.catalog import Catalog
from simulators.stripe.rules.billing.catalog_records import Price
from simulators.stripe.rules.billing.contract_records import Item, Subscription
from simulators.stripe.rules.billing.desk import clash
from simulators.stripe.rules.billing.planning import Planned, next_period
from simulators.stripe.rules.billing.tax_rates import TaxRates
from simulators.stripe.rules.records import NOTHING, merged
from simulators.stripe.rules.refusals import no_such

Wish = Mapping[str, Any]
_ITEMS_MOST = 20


class Wishes:
    """Reads items as they are wished."""

    def __init__(self, catalog: Catalog, rates: TaxRates) -> None:
        self._catalog, self._rates = catalog, rates

    def first(self, wishes: Sequence[Wish], param: str = "items") -> list[Planned]:
        """The items of a new subscription."""
        if not wishes:
            raise clash(f"Missing required param: {param}.", param, "parameter_missing")
        plan = [self._new(wish, f"{param}[{i}]") for i, wish in enumerate(wishes)]
        return _fitting(plan)

    def changed(
        self, sub: Subscription, wishes: Sequence[Wish], now: int, param: str = "items"
    ) -> list[Planned]:
        """The items of a subscription once the wishes have come true; the rest stays as it is."""
        by_id = {item.id: item for item in sub.items}
        plan = {item.id: _same(item) for item in sub.items}
        fresh = []
        for i, wish in enumerate(wishes):
            where = f"{param}[{i}]"
            if not wish.get("id"):
                made = self._new(wish, where)
                made.period = next_period(made.price, sub.anchor, now)
                made.period = (_aligned(sub, made.price, now), made.period[1])
                fresh.append(made)
                continue
            item = by_id.get(wish["id"])
            if item is None:
                raise no_such("subscription item", wish["id"], f"{where}[id]")
            self._alter(plan[item.id], item, wish, where)
        left = [p for p in (*plan.values(), *fresh) if not p.deleted]
        if not left:
            raise clash("A subscription must have at least one active plan.", param)
        _fitting(left)
        _reset_intervals(sub, [*plan.values()], now)
        return [*plan.values(), *fresh]

    def _new(self, wish: Wish, param: str) -> Planned:
        price = self._price(wish, param)
        if price is None:
            raise clash(f"Missing required param: {param}[price].", f"{param}[price]", "parameter_missing")
        quantity = wish.get("quantity")
        metered = price.recurring is not None and price.recurring.usage_type == "metered"
        if metered and quantity is not None:
            text = "You can't set the quantity of a metered plan."
            raise clash(text, f"{param}[quantity]")
        return Planned(
            None,
            price,
            None if metered else 1 if quantity is None else quantity,
            self._rates.several(wish.get("tax_rates"), f"{param}[tax_rates]"),
            wished_discounts=wish.get("discounts"),
            metadata=merged(NOTHING, wish.get("metadata", NOTHING)),
        )

    def _alter(self, planned: Planned, item: Item, wish: Wish, param: str) -> None:
        planned.deleted = bool(wish.get("deleted"))
        price = self._price(wish, param)
        if price is not None:
            planned.price = price
        if planned.metered:
            if wish.get("quantity") is not None:
                raise clash("You can't set the quantity of a metered plan.", f"{param}[quantity]")
            planned.quantity = None
        else:
            planned.quantity = wish.get("quantity", 1 if item.quantity is None else item.quantity)
        if "tax_rates" in wish:
            planned.tax_rates = self._rates.several(wish["tax_rates"], f"{param}[tax_rates]")
        if "discounts" in wish:
            planned.wished_discounts = wish["discounts"] or ()
        if "metadata" in wish:
            planned.metadata = merged(item.metadata, wish["metadata"])

    def _price(self, wish: Wish, param: str) -> Price | None:
        given = wish.get("price")
        if isinstance(given, Price):
            return given
        return self._catalog.recurring_price(given, f"{param}[price]") if given else None


def _same(item: Item) -> Planned:
    return Planned(
        item,
        item.price,
        item.quantity,
        item.tax_rates,
        item.discounts,
        metadata=item.metadata,
        period=item.period,
    )


def _fitting(plan: list[Planned]) -> list[Planned]:
    """Refused when the prices cannot be billed together."""
    if len(plan) > _ITEMS_MOST:
        raise clash(f"Subscriptions can have at most {_ITEMS_MOST} items.", "items")
    seen: set[str] = set()
    for planned in plan:
        if planned.price.id in seen:
            text = f"Cannot add multiple subscription items with the same plan: {planned.price.id}"
            raise clash(text, "items")
        seen.add(planned.price.id)
    spans = sorted({_span(p.price) for p in plan})
    if any(span % spans[0] for span in spans):
        # Mixed intervals must be multiples of the shortest (billing mode flexible).
        text = (
            "Currency and interval fields must match across all plans on this subscription. Found mismatch in"
            " interval field."
        )
        raise clash(text, "items")
    return plan


def _span(price: Price) -> int:
    recurring = price.recurring
    assert recurring is not None
    if recurring.interval == "year":
        return 360 * recurring.interval_count
    return length(recurring.interval, recurring.interval_count)


def _reset_intervals(sub: Subscription, plan: list[Planned], now: int) -> None:
    """Another interval begins a period at once."""
    for planned in plan:
        item = planned.item
        if item is None or planned.deleted or sub.status == "trialing":
            continue
        if _interval(item.price) != _interval(planned.price):
            planned.reset = True
            planned.period = next_period(planned.price, now, now)


def _interval(price: Price) -> tuple[str, int]:
    recurring = price.recurring
    assert recurring is not None
    return recurring.interval, recurring.interval_count


def _aligned(sub: Subscription, price: Price, now: int) -> int:
    """A new item's period is shown from the start of a running period of the same interval."""
    for item in sub.items:
        if _interval(item.price) == _interval(price):
            return item.period[0]
    return now
