"""Segregation of duties: what one person must not do both halves of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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


CHANGE_RULE, ENROL_RULE = "SoD-2", "SoD-3"


@dataclass(frozen=True, slots=True)
class ChangeDuties:
    """Of a change of a mapping: approvals, by so many people, none of whom made the change or was let in by
    who made it."""

    approvals: int = 2

    def against_approval(self, author: str, by: str, let_in_by: str = "") -> str:
        """The rule that stands against it, with its remedy; "" if none does. let_in_by: who enrolled `by`."""
        if folded(by) == folded(author):
            return f"{CHANGE_RULE}: {by} made the change and must not approve it; somebody else has to"
        if let_in_by and same_person(let_in_by, author):
            says = f"{by} was enrolled by {author}, who made the change, and must not approve it"
            return f"{ENROL_RULE}: {says}; somebody else has to"
        return ""

    def against_enrolment(self, whom: str, by: str) -> str:
        """The same of letting a person's key in."""
        if same_person(whom, by):
            return f"{ENROL_RULE}: {by} must not enrol a key of their own; somebody else has to"
        return ""

    def against_promotion(self, author: str, by: str, approved: Iterable[str]) -> str:
        """The same of letting it go on to an environment. approved: who has approved exactly this version."""
        if folded(by) == folded(author):
            return f"{CHANGE_RULE}: {by} made the change and must not promote it; somebody else has to"
        others = {folded(each) for each in approved} - {folded(author)}
        if len(others) < self.approvals:
            found = f"{len(others)} of the {self.approvals} people who have to have approved it"
            return f"{CHANGE_RULE}: {found}; tieout mappings approve NAME@VERSION --by SOMEBODY --key FILE"
        return ""


def same_person(one: str, other: str) -> bool:
    """Whether two names are one person's: Ann and ann are."""
    return folded(one) == folded(other)


def folded(name: str) -> str:
    """As names are compared."""
    return " ".join(name.casefold().split())
