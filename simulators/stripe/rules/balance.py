"""The balance: every entry, what of it is available, and what has not been paid out yet."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import ClassVar

from simulators.kit.clock import DAY
from simulators.stripe.rules.ground import Ground
from simulators.stripe.rules.records_funds import BalanceTransaction
from simulators.stripe.rules.refusals import no_such
from simulators.stripe.rules.shelf import Shelf

_Heap = list[tuple[int, int, BalanceTransaction]]


class Balance:
    """One a mode; an account has a balance in every currency that it was paid in (no conversion)."""

    kind: ClassVar[str] = "balance"

    def __init__(self, ground: Ground) -> None:
        self._ground, self.livemode = ground, ground.live
        self.shelf: Shelf[BalanceTransaction] = Shelf()
        self._total: dict[str, int] = {"usd": 0}
        self._pending: dict[str, int] = {"usd": 0}
        self._ripening: _Heap = []
        self._unpaid: dict[str, _Heap] = {}
        self._ripe = False

    def enter(
        self,
        type: str,  # noqa: A002
        source: str,
        amount: int,
        currency: str,
        *,
        fee: int = 0,
        description: str | None = None,
        category: str = "",
        at_once: bool = False,
        closing: bool = False,
    ) -> BalanceTransaction:
        """A new entry; available after the delay, or `at_once`.

        closing: an automatic payout's own, which no later payout takes up again; that of a payout by
        hand is taken up by the next automatic one, whose entries then sum up to nothing.
        """
        now = self._ground.clock.now()
        delay = 0 if at_once else self._ground.options.payout_delay_days * DAY
        entry = BalanceTransaction(
            self._ground.numbers.new("txn"),
            now,
            now + delay,
            type,
            source,
            amount,
            fee,
            currency,
            description,
            category=category,
        )
        self.shelf.add(entry, ("type", type), ("source", source), ("currency", currency))
        self._total[currency] = self._total.get(currency, 0) + entry.net
        self._pending.setdefault(currency, 0)
        if delay:
            self._pending[currency] += entry.net
            heappush(self._ripening, (entry.available_at, entry.seq, entry))
        if not closing:
            heap = self._unpaid.setdefault(currency, [])
            heappush(heap, (entry.available_at, entry.seq, entry))
        return entry

    def take(self, id: str) -> BalanceTransaction:  # noqa: A002
        """An entry by its id in the path."""
        entry = self.shelf.get(id)
        if entry is None:
            raise no_such("balance transaction", id, "id", path=True)
        return entry

    def amounts(self) -> list[tuple[str, int, int]]:
        """(currency, available, pending), in the order in which the currencies first appeared."""
        now = self._ground.clock.now()
        while self._ripening and self._ripening[0][0] <= now:
            entry = heappop(self._ripening)[2]
            self._pending[entry.currency] -= entry.net
            self._ripe = True
        return [(c, total - self._pending[c], self._pending[c]) for c, total in self._total.items()]

    def ripen(self) -> bool:
        """Whether something has become available since this was last asked."""
        self.amounts()
        ripe, self._ripe = self._ripe, False
        return ripe

    def available(self, currency: str) -> int:
        """What could be paid out now."""
        return next((amount for c, amount, _ in self.amounts() if c == currency), 0)

    def currencies(self) -> list[str]:
        """Currencies with entries that no payout has taken yet."""
        return [currency for currency, heap in self._unpaid.items() if heap]

    def due(self, currency: str, at: int) -> tuple[int, list[BalanceTransaction]]:
        """(sum, entries) that an automatic payout would take at `at`; they are taken if the sum is > 0."""
        heap = self._unpaid[currency]
        entries = []
        while heap and heap[0][0] <= at:
            entries.append(heappop(heap)[2])
        total = sum(entry.net for entry in entries)
        if total > 0:
            return total, entries
        for entry in entries:
            heappush(heap, (entry.available_at, entry.seq, entry))
        return 0, []

    def assign(self, entry: BalanceTransaction, payout: str) -> None:
        """Note that the entry belongs to a payout."""
        entry.payout = payout
        self.shelf.file(entry, ("payout", payout))
