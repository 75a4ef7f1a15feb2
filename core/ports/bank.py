"""The company's own bank account, as the core needs it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Protocol

from core.canonical.payments import Transfer


class Bank(Protocol):
    """Tells of each transfer of a customer at least once. Payouts of the processor are none of these."""

    @property
    def takes_transfers(self) -> bool:
        """Whether customers pay into it at all; where none does, nothing is ever on account."""
        ...

    async def transfer(self, id: str) -> Transfer:  # noqa: A002
        """By the bank's id; Missing if there is none, or none yet."""
        ...

    def transfers_since(self, moment: datetime) -> AsyncIterator[str]:
        """Ids of transfers booked at or after, in that order, paid in or paid back."""
        ...
