"""A desk for one look at everything: what a port has listed once is not asked for again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any, cast

from core.ports.billing import Billing
from core.ports.crm import Crm
from core.ports.desk import Desk
from core.ports.erp import Erp
from core.ports.payments import Payments
from core.ports.product import Product

# Lists that are not named by the moment since which they are read.
_LISTS = frozenset({"customers", "all_mirrored"})


class Once:
    """A port whose lists are read to their end at the first call, and given again at the next one with
    the same arguments; a list that could not be read is asked for again. All else it does as ever."""

    def __init__(self, port: object) -> None:
        self._port = port
        self._read: dict[tuple[object, ...], list[Any]] = {}

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._port, name)
        if name in _LISTS or name.endswith("_since"):
            return lambda *given: self._rows(name, method, given)
        return method

    async def _rows(
        self, name: str, method: Callable[..., AsyncIterator[Any]], given: tuple[object, ...]
    ) -> AsyncIterator[Any]:
        key = (name, *given)
        if key not in self._read:
            self._read[key] = [row async for row in method(*given)]
        for row in self._read[key]:
            yield row


def for_one_look(desk: Desk) -> Desk:
    """The same desk, to be thrown away after the look: what changes meanwhile the next look sees."""
    return replace(
        desk,
        crm=cast(Crm, Once(desk.crm)),
        billing=cast(Billing, Once(desk.billing)),
        payments=cast(Payments, Once(desk.payments.for_one_look())),
        erp=cast(Erp, Once(desk.erp)),
        product=cast(Product, Once(desk.product)),
    )
