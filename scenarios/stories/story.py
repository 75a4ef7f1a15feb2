"""What a story is."""

from __future__ import annotations

from dataclasses import dataclass

from scenarios.scripted.script import Script


@dataclass(frozen=True, slots=True)
class Story:
    """A company, for so long, under such faults. faults: a preset's name; a user may change any number.

    script: who does what on which day, instead of a company's usual life; its length is its own.
    about: what happens, in a sentence or two. models: which can play it, all where none is named.
    """

    name: str
    title: str
    profile: str
    customers: int
    months: int
    faults: str
    script: Script | None = None
    about: str = ""
    models: tuple[str, ...] = ()

    def fits(self, model: str) -> bool:
        """Whether a model can play it."""
        return not self.models or model in self.models


def scripted(
    name: str,
    title: str,
    about: str | None,
    script: Script,
    profile: str = "mid_market",
    models: tuple[str, ...] = (),
) -> Story:
    """A story of acts by date, without faults unless they are asked for. profile: whose products are sold."""
    told = " ".join((about or "").split())
    return Story(name, title, profile, len(script.parties), script.months, "none", script, told, models)
