"""A difference between two books, and how it may be mended."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from core.canonical.money import Money
from core.close.control import terms
from core.ports.desk import Desk


@dataclass(frozen=True, slots=True)
class Finding:
    """kind: missing or different; flow and subject: what to run to mend it, "" where a person must look."""

    control: str
    kind: str
    number: str
    amount: Money | None
    flow: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    """left and right name the two books; run: everything changed since a moment.

    numbers: of the month-end controls that it keeps true by night, first the one whose owner is asked;
    `asks` is who is asked where there is none.
    """

    name: str
    left: str
    right: str
    numbers: tuple[str, ...]
    run: Callable[[Desk, datetime], Awaitable[list[Finding]]]
    asks: str = ""

    @property
    def owner(self) -> str:
        """As the list of month-end controls has it."""
        return terms(self.numbers[0]).owner if self.numbers else self.asks

    @property
    def title(self) -> str:
        """Name and numbers, for people."""
        return f"{self.name} ({', '.join(self.numbers)})" if self.numbers else self.name
