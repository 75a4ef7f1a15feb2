"""What one customer has agreed to, and the deals that change it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from scenarios.lifecycles.calendar import add_months
from scenarios.lifecycles.people import Company
from scenarios.lifecycles.sales import Deal, QuoteLine
from scenarios.profiles.profile import Product, Profile
from scenarios.world.draws import KeyedDraws

# List prices are in US dollars; other currencies by a fixed price book, JPY in whole yen.
_PRICE_BOOK = {"USD": Decimal(1), "EUR": Decimal("0.92"), "GBP": Decimal("0.79"), "JPY": Decimal(150)}
_STEP = {"JPY": Decimal(1)}


@dataclass(slots=True)
class Item:
    """A product on the subscription."""

    quantity: int
    price: Decimal
    product: Product


@dataclass(slots=True)
class Contract:
    """The present state of a customer's subscription, as sales knows it."""

    company: Company
    profile: Profile
    draws: KeyedDraws
    months: int = 1
    term: int = 0
    start: date = date.min
    end: date | None = None
    items: dict[str, Item] = field(default_factory=dict)
    deals: int = 0
    active: bool = True
    meter: Product | None = None
    bundled: bool = False

    @property
    def original(self) -> str:
        """Key of the deal that began it."""
        return f"OPP-{self.company.index:05d}-01"

    # --- deals ---

    def sign(self, on: date, *, brought_over: bool) -> Deal:
        """New business; a contract brought over at go-live has part of its term behind it."""
        i, profile, draws = self.company.index, self.profile, self.draws
        mix = {"evergreen": profile.evergreen, "annual": profile.annual, "multi_year": profile.multi_year}
        kind = draws.weighted(mix, "term", i)
        if kind == "evergreen":
            left = 0
        elif kind == "annual":
            self.term, left = 12, draws.integer(1, 12, "left", i) if brought_over else 12
        else:
            self.term, left = 24, draws.integer(6, 24, "left", i) if brought_over else 24
        yearly = left and left % 12 == 0 and draws.uniform("billing", i) >= profile.monthly_share
        self.months = 12 if yearly else 1
        self.start, self.end = on, add_months(on, left) if left else None
        plan = self._plans()[draws.integer(0, len(self._plans()) - 1, "plan", i)]
        seats = max(1, round(draws.lognormal(profile.seats_median, profile.seats_p95, "seats", i)))
        seats = min(seats, 20 * int(profile.seats_p95))
        self.bundled = bool(left) and draws.uniform("bundle", i) < profile.bundle_share
        self._put(plan, seats)
        lines = (*self._added(plan.sku), *self._metered())
        return self._deal("new", on, self.end, (*lines, *self._bundle(seats)) if self.bundled else lines)

    def change_plan(self, on: date, direction: int) -> Deal | None:
        """Upgrade (1) or downgrade (-1) to the neighbouring plan; None if there is none."""
        plans = self._plans()
        old = next(sku for sku, item in self.items.items() if item.product.kind == "plan")
        at = [plan.sku for plan in plans].index(old) + direction
        if not 0 <= at < len(plans):
            return None
        gone = self.items.pop(old)
        self._put(plans[at], gone.quantity)
        removed = self._line(gone, 0, gone.quantity)
        return self._deal("amendment", on, None, (removed, *self._added(plans[at].sku)))

    def add(self, on: date, share: float) -> Deal | None:
        """An add-on for a share of the seats, ending with the contract (co-terminated)."""
        free = [p for p in self.profile.products if p.kind == "add_on" and p.sku not in self.items]
        if not free:
            return None
        seats = next(item.quantity for item in self.items.values() if item.product.kind == "plan")
        self._put(free[0], max(1, round(seats * share)))
        return self._deal("amendment", on, None, self._added(free[0].sku))

    def resize(self, on: date) -> Deal | None:
        """More or fewer seats on one product."""
        n = self.deals
        sku = self.draws.choice(sorted(self.items), "resize", self.company.index, n)
        item = self.items[sku]
        factor = 0.75 + 0.6 * self.draws.uniform("factor", self.company.index, n)
        seats = max(1, round(item.quantity * factor))
        if seats == item.quantity:
            seats += 1
        line = self._line(item, seats, item.quantity)
        item.quantity = seats
        return self._deal("amendment", on, None, (line,))

    def renew(self) -> Deal:
        """Another term from the end of this one, with an uplift."""
        assert self.end is not None
        begin = self.end
        mean = self.profile.uplift_mean
        uplift = Decimal(round(2 * mean * self.draws.uniform("uplift", self.company.index, self.deals), 3))
        lines = []
        for item in self.items.values():
            item.price = self._round(item.price * (1 + uplift))
            lines.append(self._line(item, item.quantity, item.quantity))
        # Billed yearly needs whole years; a term brought over goes on with a full one.
        self.end = add_months(begin, self.term)
        return self._deal("renewal", begin, self.end, tuple(lines))

    def lapse(self) -> Deal:
        """A renewal that is not wanted."""
        assert self.end is not None
        return self._deal("renewal", self.end, add_months(self.end, self.term), ())

    def cancel(self, on: date) -> Deal:
        """The end, before its time."""
        self.active = False
        lines = tuple(self._line(item, 0, item.quantity) for item in self.items.values())
        return self._deal("cancellation", on, None, lines)

    # --- parts ---

    def _deal(self, kind: str, start: date, end: date | None, lines: tuple[QuoteLine, ...]) -> Deal:
        self.deals += 1
        key = f"OPP-{self.company.index:05d}-{self.deals:02d}"
        return Deal(key, kind, self.original, start, end, lines)

    def _added(self, sku: str) -> tuple[QuoteLine, ...]:
        item = self.items[sku]
        return (self._line(item, item.quantity, 0),)

    def _line(self, item: Item, quantity: int, prior: int) -> QuoteLine:
        """A quote line; in a bundle it shows the catalogue's price beside its own."""
        alone = self._round(self._list(item.product) * self.months) if self.bundled else None
        return QuoteLine(item.product.sku, quantity, prior, item.price, self.months, alone)

    def _bundle(self, seats: int) -> tuple[QuoteLine, ...]:
        """What goes with the plan: an add-on for all seats, and what is delivered once, at less than it is
        worth or for nothing."""
        profile, i = self.profile, self.company.index
        with_it = [p for p in profile.products if p.kind == "add_on"][-1]
        self._put(with_it, seats)
        lines = self._added(with_it.sku)
        service = profile.service
        if service is None:
            return lines
        off = Decimal(round(profile.onboarding_off * self.draws.uniform("onboarding off", i), 2))
        worth = self._round(self._list(service))
        return (*lines, QuoteLine(service.sku, 1, 0, self._round(worth * (1 - off)), 0, worth))

    def _metered(self) -> tuple[QuoteLine, ...]:
        """What is billed by use is on the quote, once and without a price: the catalogue has its tiers."""
        metered = self.profile.metered
        if metered is None or self.draws.uniform("meters", self.company.index) >= self.profile.usage_share:
            return ()
        self.meter = metered
        return (QuoteLine(metered.sku, 1, 0, Decimal(0), 1),)

    def _put(self, product: Product, quantity: int) -> None:
        discount = Decimal(round(0.2 * self.draws.uniform("discount", self.company.index, product.sku), 2))
        price = self._list(product) * (1 - discount) * self.months
        self.items[product.sku] = Item(quantity, self._round(price), product)

    def _list(self, product: Product) -> Decimal:
        return product.price * _PRICE_BOOK[self.company.currency]

    def _round(self, price: Decimal) -> Decimal:
        return price.quantize(_STEP.get(self.company.currency, Decimal("0.01")), ROUND_HALF_UP)

    def _plans(self) -> list[Product]:
        return [product for product in self.profile.products if product.kind == "plan"]
