"""A desk for one look at everything: no list is asked for twice, and no call that fails ends the look."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

from core.canonical.errors import Unavailable, Unclear
from core.ports.billing import Billing
from core.ports.crm import Crm
from core.ports.desk import Desk
from core.ports.erp import Erp
from core.ports.payments import Payments
from core.ports.product import Product
from core.ports.world import Draws
from core.reliability.retry import Policy, insist, listed

T = TypeVar("T")

# Lists that are not named by the moment since which they are read.
_LISTS = frozenset({"customers", "all_mirrored", "schedules", "invoices_dated", "credit_notes_dated"})
# That something is not there is what the look came for.
_PASSING = (Unavailable, Unclear)


@dataclass(frozen=True, slots=True)
class Patience:
    """How a look repeats a call that failed, by itself; what was read before it is kept."""

    policy: Policy
    draws: Draws

    async def read(self, act: Callable[[], Awaitable[T]], *key: object) -> T:
        """What the call gives at last; raises what it raised at the last attempt."""
        return await insist(act, self.policy, self.draws, "look", *key, passing=_PASSING)


class Once:
    """A port whose lists are read to their end at the first call, and given again at the next one with
    the same arguments; a list that could not be read is asked for again. All else it does as ever.
    patience: each list and each call is repeated by itself where it fails."""

    def __init__(self, port: object, patience: Patience | None = None) -> None:
        self._port, self._patience = port, patience
        self._read: dict[tuple[object, ...], list[Any]] = {}

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._port, name)
        if name in _LISTS or name.endswith("_since"):
            return lambda *given: self._rows(name, method, given)
        if (patience := self._patience) is not None:
            return lambda *given: patience.read(lambda: method(*given), name, *given)
        return method

    async def _rows(
        self, name: str, method: Callable[..., AsyncIterator[Any]], given: tuple[object, ...]
    ) -> AsyncIterator[Any]:
        key = (name, *given)
        if key not in self._read:
            self._read[key] = await self._whole(lambda: listed(method(*given)), key)
        for row in self._read[key]:
            yield row

    async def _whole(self, read: Callable[[], Awaitable[list[Any]]], key: tuple[object, ...]) -> list[Any]:
        return await (self._patience.read(read, *key) if self._patience else read())


def for_one_look(desk: Desk, patience: Patience | None = None) -> Desk:
    """The same desk, for reading, to be thrown away after the look: what changes meanwhile the next look
    sees."""
    return replace(
        desk,
        crm=cast(Crm, Once(desk.crm, patience)),
        billing=cast(Billing, Once(desk.billing, patience)),
        payments=cast(Payments, Once(desk.payments.for_one_look(), patience)),
        erp=cast(Erp, Once(desk.erp, patience)),
        product=cast(Product, Once(desk.product, patience)),
    )
