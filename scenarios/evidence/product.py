"""What the company's own product logged."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReportedUsage:
    """A use as the product wrote it down, once more where it did so twice. quantity: decimal; at: when it
    was written down; on: the day of use."""

    id: str
    account: str
    subscription: str
    meter: str
    quantity: str
    on: str
    at: int


@dataclass(frozen=True, slots=True)
class ProductBooks:
    """The log of use."""

    usage: tuple[ReportedUsage, ...] = ()
