"""Tax rates set by hand; what is calculated for an address is not modelled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from simulators.stripe.rules.billing.catalog_records import Metadata, TaxRate
from simulators.stripe.rules.billing.desk import Desk, changed, clash, taken
from simulators.stripe.rules.records import NOTHING, merged
from simulators.stripe.rules.shelf import Shelf


class TaxRates:
    """The tax rates of one mode."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.shelf: Shelf[TaxRate] = Shelf()

    def take(self, id: str, param: str = "tax_rate", *, path: bool = False) -> TaxRate:  # noqa: A002
        """The tax rate; Refused with resource_missing."""
        return taken(self.shelf, "tax rate", id, param, path=path)

    def create(
        self,
        display_name: str,
        inclusive: bool,
        percentage: Decimal,
        metadata: Metadata | None = NOTHING,
        **plain: Any,
    ) -> TaxRate:
        """A new rate; its percentage can never be changed."""
        if not 0 <= percentage <= 100:
            raise clash("Invalid percentage: must be between 0 and 100", "percentage")
        ground = self._desk.ground
        made = TaxRate(
            ground.numbers.new("txr"),
            ground.clock.now(),
            ground.live,
            display_name,
            inclusive,
            percentage,
            metadata=merged(NOTHING, metadata),
            **plain,
        )
        self.shelf.add(made)
        self._desk.note(made, "created")
        self._desk.emit("tax_rate.created", made)
        return made

    def update(self, rate: TaxRate, changes: Mapping[str, Any]) -> TaxRate:
        """Texts, places and activity."""
        changes = dict(changes)
        if "metadata" in changes:
            changes["metadata"] = merged(rate.metadata, changes["metadata"])
        previous = changed(rate, changes)
        if previous:
            self._desk.note(rate, "updated", "active" if rate.active else "inactive")
            self._desk.emit("tax_rate.updated", rate, previous)
        return rate

    def several(self, ids: Iterable[str] | None, param: str) -> tuple[TaxRate, ...]:
        """Active rates by their ids."""
        found = []
        for i, id in enumerate(ids or ()):  # noqa: A001
            rate = self.take(id, f"{param}[{i}]")
            if not rate.active:
                raise clash(f"The tax rate {id} is inactive and cannot be used.", f"{param}[{i}]")
            found.append(rate)
        return tuple(found)
