"""What a story is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Story:
    """A company, for so long, under such faults. faults: a preset's name; a user may change any number."""

    name: str
    title: str
    profile: str
    customers: int
    months: int
    faults: str
