"""A difference between two books, and how it may be mended."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from core.canonical.money import Money
from core.ports import Desk


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
    """left and right name the two books; run: everything changed since a moment."""

    name: str
    left: str
    right: str
    owner: str
    run: Callable[[Desk, datetime], Awaitable[list[Finding]]]
