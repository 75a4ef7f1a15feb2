"""Products and prices: what is sold and for how much."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulators.stripe.rules.billing.calendar import LONGEST
from simulators.stripe.rules.billing.catalog_records import Charged, Metadata, Price, Product, Recurring, Tier
from simulators.stripe.rules.billing.desk import Desk, changed, clash, differences, taken
from simulators.stripe.rules.currencies import known_currency
from simulators.stripe.rules.records import NOTHING, merged
from simulators.stripe.rules.refusals import Refused, no_such
from simulators.stripe.rules.search import file_words, unfile_words
from simulators.stripe.rules.shelf import Shelf


class Catalog:
    """The products and prices of one mode."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.products: Shelf[Product] = Shelf()
        self.prices: Shelf[Price] = Shelf()
        self._lookup: dict[str, Price] = {}

    def product(self, id: str, param: str = "product", *, path: bool = False) -> Product:  # noqa: A002
        """The product; Refused with resource_missing."""
        return taken(self.products, "product", id, param, path=path)

    def price(self, id: str, param: str = "price", *, path: bool = False) -> Price:  # noqa: A002
        """The price; Refused with resource_missing."""
        return taken(self.prices, "price", id, param, path=path)

    def create_product(
        self,
        name: str,
        *,
        id: str = "",  # noqa: A002
        metadata: Metadata | None = NOTHING,
        **plain: Any,
    ) -> Product:
        """A new product, under an id of one's own if wanted."""
        ground = self._desk.ground
        known = self.products.get(id) if id else None
        if known is not None and not known.deleted:
            raise Refused("Product already exists.", code="resource_already_exists")
        made = Product(
            id or ground.numbers.short("prod"),
            ground.clock.now(),
            ground.live,
            name,
            metadata=merged(NOTHING, metadata),
            updated=self._desk.now(),
            **plain,
        )
        self.products.add(made, ("active", str(made.active)))
        file_words(self.products, made, _words(made))
        self._desk.note(made, "created", "active")
        self._desk.emit("product.created", made)
        return made

    def update_product(self, product: Product, changes: Mapping[str, Any]) -> Product:
        """Change anything but the id."""
        changes = dict(changes)
        if "default_price" in changes:
            price = self.price(changes["default_price"], "default_price")
            if price.product is not product:
                text = f"The price {price.id} does not belong to the product {product.id}."
                raise clash(text, "default_price")
        metadata = product.metadata
        if "metadata" in changes:
            metadata = merged(product.metadata, changes.pop("metadata"))
        self._unfile_product(product)
        previous = changed(product, changes)
        if metadata != product.metadata:
            previous["metadata"] = differences(product.metadata, metadata)
            product.metadata = metadata
        self.products.file(product, ("active", str(product.active)))
        file_words(self.products, product, _words(product))
        if previous:
            previous["updated"], product.updated = product.updated, self._desk.now()
            self._desk.note(product, "updated", "active" if product.active else "inactive")
            self._desk.emit("product.updated", product, previous)
        return product

    def delete_product(self, product: Product) -> Product:
        """Only a product without prices can go."""
        if self.prices.under(("product", product.id)):
            text = "This product cannot be deleted because it has one or more user-created prices."
            raise Refused(text)
        self._unfile_product(product)
        self.products.unfile(product, ())
        self._desk.emit("product.deleted", product)
        product.deleted = True
        self._desk.note(product, "deleted", "deleted")
        return product

    def create_price(self, product: Product, currency: str, wish: Mapping[str, Any]) -> Price:
        """A new price; what it costs can never be changed."""
        ground = self._desk.ground
        wish = dict(wish)
        lookup = wish.pop("lookup_key", None)
        transfer = wish.pop("transfer_lookup_key", False)
        metadata = merged(NOTHING, wish.pop("metadata", NOTHING))
        made = Price(
            wish.pop("id", "") or ground.numbers.new("price"),
            ground.clock.now(),
            ground.live,
            product,
            known_currency(currency),
            wish.pop("charged"),
            metadata=metadata,
            **wish,
        )
        _sound(made)
        self._own(made, lookup, transfer)
        self._file_price(made)
        self._desk.note(made, "created", "active" if made.active else "inactive")
        self._desk.emit("price.created", made)
        return made

    def update_price(self, price: Price, changes: Mapping[str, Any]) -> Price:
        """Names, texts, activity, options in other currencies; never the amount."""
        changes = dict(changes)
        behavior = changes.pop("tax_behavior", None)
        if behavior and price.charged.tax_behavior not in ("unspecified", behavior):
            text = "You cannot change `tax_behavior` once it is set to `exclusive` or `inclusive`."
            raise clash(text, "tax_behavior")
        metadata = price.metadata
        if "metadata" in changes:
            metadata = merged(price.metadata, changes.pop("metadata"))
        if changes.get("active") is False and price.product.default_price == price.id:
            text = "This price cannot be archived because it is the default price of its product."
            raise clash(text, "active")
        transfer = changes.pop("transfer_lookup_key", False)
        self._unfile_price(price)
        previous: dict[str, Any] = {}
        if "lookup_key" in changes and changes["lookup_key"] != price.lookup_key:
            previous["lookup_key"] = price.lookup_key
            try:
                self._own(price, changes.pop("lookup_key"), transfer)
            except Refused:
                self._file_price(price, new=False)
                raise
        previous |= changed(price, changes)
        if behavior and behavior != price.charged.tax_behavior:
            previous["tax_behavior"] = price.charged.tax_behavior
            price.charged = Charged(price.charged.unit, price.charged.tiers, behavior)
        if metadata != price.metadata:
            previous["metadata"] = differences(price.metadata, metadata)
            price.metadata = metadata
        self._file_price(price, new=False)
        if previous:
            previous.pop("options", None)
            self._desk.note(price, "updated", "active" if price.active else "inactive")
            self._desk.emit("price.updated", price, previous)
        return price

    def by_lookup(self, keys: tuple[str, ...]) -> set[str]:
        """Ids of the prices that have one of these keys."""
        return {self._lookup[key].id for key in keys if key in self._lookup}

    def recurring_price(self, id: str, param: str) -> Price:  # noqa: A002
        """A price that a subscription may have."""
        price = self.price(id, param)
        if price.recurring is None:
            text = (
                "The price specified is set to `type=one_time` but this field only accepts prices with"
                " `type=recurring`."
            )
            raise clash(text, param)
        return self._usable(price, param)

    def single_price(self, id: str, param: str) -> Price:  # noqa: A002
        """A price that an invoice item may have."""
        price = self.price(id, param)
        if price.recurring is not None:
            text = (
                "The price specified is set to `type=recurring` but this field only accepts prices with"
                " `type=one_time`."
            )
            raise clash(text, param)
        return self._usable(price, param)

    def _usable(self, price: Price, param: str) -> Price:
        if not price.active:
            raise clash("The price specified is inactive. This field only accepts active prices.", param)
        if not price.product.active:
            text = (
                f"The price specified belongs to the product `{price.product.id}`, which is inactive. This"
                " field only accepts prices of active products."
            )
            raise clash(text, param)
        return price

    def _own(self, price: Price, key: str | None, transfer: bool) -> None:
        """Give the lookup key to this price; it is taken from another only if that is wanted."""
        holder = self._lookup.get(key) if key else None
        if holder is not None and holder is not price:
            if not transfer:
                raise clash(f"A price (`{holder.id}`) already uses that lookup key.", "lookup_key")
            holder.lookup_key = None
            self.prices.unfile(holder, ("lookup", str(key)))
            self._desk.emit("price.updated", holder, {"lookup_key": key})
        if price.lookup_key:
            self._lookup.pop(price.lookup_key, None)
            self.prices.unfile(price, ("lookup", price.lookup_key))
        price.lookup_key = key or None
        if key:
            self._lookup[key] = price

    def _file_price(self, price: Price, *, new: bool = True) -> None:
        if new:
            self.prices.add(price, ("product", price.product.id))
        self.prices.file(price, ("active", str(price.active)))
        if price.lookup_key:
            self.prices.file(price, ("lookup", price.lookup_key))
        file_words(self.prices, price, _words(price))

    def _unfile_price(self, price: Price) -> None:
        self.prices.unfile(price, ("active", str(price.active)))
        unfile_words(self.prices, price, _words(price))

    def _unfile_product(self, product: Product) -> None:
        self.products.unfile(product, ("active", str(product.active)))
        unfile_words(self.products, product, _words(product))


def _words(record: Product | Price) -> list[tuple[str, str]]:
    return [(f"metadata.{key}", value) for key, value in record.metadata.items()]


def _sound(price: Price) -> None:
    """Refused when the parts of a price do not fit."""
    recurring = price.recurring
    if recurring is not None:
        _sound_interval(recurring)
    if price.billing_scheme == "tiered":
        _sound_tiers(price)
    elif price.charged.tiers:
        raise clash("You cannot set `tiers` unless `billing_scheme` is set to `tiered`.", "tiers")
    elif price.charged.unit is None and price.custom is None:
        text = "Prices require an `unit_amount` or `unit_amount_decimal` parameter to be set."
        raise clash(text, "unit_amount", "parameter_missing")
    if price.custom is not None and recurring is not None:
        raise clash("Recurring prices cannot have `custom_unit_amount`.", "custom_unit_amount")


def _sound_interval(recurring: Recurring) -> None:
    if recurring.interval_count > LONGEST[recurring.interval]:
        text = "The maximum billing interval is three years (3 years, 36 months or 156 weeks)."
        raise clash(text, "recurring[interval_count]")
    if recurring.usage_type == "metered" and not recurring.meter:
        # Prices of legacy usage records are gone since 2025-03-31.basil.
        text = "Prices with `usage_type=metered` must be backed by a meter. Set `recurring[meter]`."
        raise clash(text, "recurring[meter]", "parameter_missing")
    if recurring.meter and recurring.usage_type != "metered":
        text = "You can only set `recurring[meter]` when `recurring[usage_type]` is `metered`."
        raise clash(text, "recurring[meter]")


def _sound_tiers(price: Price) -> None:
    tiers = price.charged.tiers
    if not tiers:
        raise clash("Missing required param: tiers.", "tiers", "parameter_missing")
    if not price.tiers_mode:
        raise clash("Missing required param: tiers_mode.", "tiers_mode", "parameter_missing")
    if price.divide_by:
        text = "You cannot set `transform_quantity` when `billing_scheme` is `tiered`."
        raise clash(text, "transform_quantity")
    if price.charged.unit is not None:
        text = "You cannot set `unit_amount` when `billing_scheme` is `tiered`."
        raise clash(text, "unit_amount")
    _rising(tiers)


def _rising(tiers: tuple[Tier, ...]) -> None:
    below = 0
    for i, tier in enumerate(tiers):
        last = i == len(tiers) - 1
        if tier.unit is None and tier.flat is None:
            text = "Each tier must have a `unit_amount` or a `flat_amount`."
            raise clash(text, f"tiers[{i}]")
        if (tier.up_to is None) != last:
            text = "The last tier, and only that, must set `up_to` to `inf`."
            raise clash(text, f"tiers[{i}][up_to]")
        if tier.up_to is not None:
            if tier.up_to <= below:
                text = "Tiers must be listed in ascending order of `up_to`."
                raise clash(text, f"tiers[{i}][up_to]")
            below = tier.up_to


def unknown_product(id: str) -> Refused:  # noqa: A002
    """No such product, as a parameter."""
    return no_such("product", id, "product")
