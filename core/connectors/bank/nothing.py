"""A bank account that no customer pays into."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

from core.canonical.errors import Missing
from core.canonical.payments import Transfer


class NothingPaidIn:
    """Implements core.ports.bank.Bank."""

    takes_transfers = False

    async def transfer(self, id: str) -> Transfer:  # noqa: A002
        raise Missing(f"transfer {id}: customers do not pay into this account", system="bank")

    async def transfers_since(self, _moment: datetime) -> AsyncIterator[str]:
        nothing: tuple[str, ...] = ()
        for each in nothing:
            yield each
