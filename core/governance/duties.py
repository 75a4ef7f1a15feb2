"""Segregation of duties: what one person must not do both halves of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.canonical.money import Money

RULE = "SoD-1"


class HoldAndRelease(StrEnum):
    """Who may let go on what a person has held. ANYONE is for a deployment whose operators share one token:
    there nobody can be told from anybody else."""

    ANYONE = "anyone"
    SOMEBODY_ELSE = "somebody_else"


@dataclass(frozen=True, slots=True)
class Duties:
    """limits: by currency, the amount in minor units up to which whoever held may also release; a currency
    without one has the limit 0."""

    hold_and_release: HoldAndRelease = HoldAndRelease.ANYONE
    limits: Mapping[str, int] = field(default_factory=dict)

    def asks_who_held(self, held_by: str, by: str) -> bool:
        """Whether it matters how much it is about."""
        return self.hold_and_release is HoldAndRelease.SOMEBODY_ELSE and held_by != "" and held_by == by

    def against_release(self, held_by: str, by: str, worth: Money | None) -> str:
        """The rule that stands against it, with its remedy; "" if none does. worth: None if it is not known,
        which counts as above every limit."""
        if not self.asks_who_held(held_by, by):
            return ""
        if worth is not None and abs(worth.minor) <= self.limits.get(worth.currency, 0):
            return ""
        amount = "an amount that is not known" if worth is None else str(worth)
        return (
            f"{RULE}: {by} held it and must not release it above the limit ({amount}); somebody else has to"
        )
