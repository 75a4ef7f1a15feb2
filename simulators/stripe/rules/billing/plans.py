"""Plans: recurring prices in their older form, which can be deleted."""

from __future__ import annotations

from simulators.stripe.rules.billing.catalog import Catalog
from simulators.stripe.rules.billing.catalog_records import Price
from simulators.stripe.rules.billing.desk import Desk
from simulators.stripe.rules.refusals import no_such


class Plans:
    """The recurring prices of one mode, seen as plans."""

    def __init__(self, desk: Desk, catalog: Catalog) -> None:
        self._desk, self._catalog = desk, catalog

    def take(self, id: str) -> Price:  # noqa: A002
        """The plan named in the path."""
        found = self._catalog.prices.get(id)
        if found is None or found.deleted or found.recurring is None:
            raise no_such("plan", id, "plan", path=True)
        return found

    def delete(self, price: Price) -> Price:
        """Nobody can subscribe to it any more; who has it keeps it."""
        shelf = self._catalog.prices
        for key in ((), ("active", str(price.active)), ("product", price.product.id)):
            shelf.unfile(price, key)
        price.active, price.deleted = False, True
        self._desk.note(price, "deleted", "deleted")
        self._desk.emit("price.deleted", price)
        return price
