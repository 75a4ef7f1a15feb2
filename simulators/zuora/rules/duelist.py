"""Accounts and charges by the day on which they next have something to bill."""

from __future__ import annotations

from datetime import date
from heapq import heappop, heappush

from simulators.zuora.rules.ledger import Ledger


class DueList:
    """Two heaps with lazy removal: a run pops only what is due, however long the history."""

    def __init__(self) -> None:
        self._accounts: list[tuple[date, str]] = []
        self._charges: dict[str, list[tuple[date, str]]] = {}

    def add(self, ledger: Ledger) -> None:
        """Enter a ledger under its present due date."""
        if ledger.due is not None:
            heappush(self._accounts, (ledger.due, ledger.account))
            heappush(self._charges.setdefault(ledger.account, []), (ledger.due, ledger.charge))

    def accounts(self, target: date) -> list[str]:
        """Ids of the accounts that may have something due; each once."""
        found: dict[str, None] = {}
        while self._accounts and self._accounts[0][0] <= target:
            found[heappop(self._accounts)[1]] = None
        return list(found)

    def charges(self, account: str, target: date) -> list[str]:
        """Numbers of the account's charges that may have something due; each once."""
        heap = self._charges.get(account)
        found: dict[str, None] = {}
        while heap and heap[0][0] <= target:
            found[heappop(heap)[1]] = None
        return list(found)

    def put_back(self, account: str) -> None:
        """Enter an account again whose charges were left for another run."""
        heap = self._charges.get(account)
        if heap:
            heappush(self._accounts, (heap[0][0], account))
