"""What a scripted story is made of: its customers, the acts of people by date, what must come of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

from scenarios.evidence.run import Evidence

if TYPE_CHECKING:
    from scenarios.scripted.stage import Stage


_USUAL = frozenset({"USD", "EUR", "GBP", "JPY"})


@dataclass(frozen=True, slots=True)
class Party:
    """A customer account. key: our own id of it, in every system; pays: "card" or "invoice";
    place: a city of `places.PLACES`; vat_number: as a business of the European Union;
    segment: by which it is collected."""

    key: str
    name: str
    currency: str = "USD"
    pays: str = "invoice"
    place: str = "San Francisco"
    vat_number: str = ""
    segment: str = ""


class Act(Protocol):
    """What somebody does on a day ("YYYY-MM-DD"), through a vendor's own API."""

    @property
    def on(self) -> str: ...

    def tell(self) -> str:
        """In finance words, without the date."""
        ...

    async def perform(self, stage: Stage) -> None:
        """Do it; HandsError where a system refuses."""
        ...


@dataclass(frozen=True, slots=True)
class Ask:
    """A question to the books of a finished run: says it in words, answers with a figure."""

    says: str
    of: Callable[[Evidence], str]


@dataclass(frozen=True, slots=True)
class Expect:
    """What the answer must be: "290.00 USD", a count, a date, a state. by: how it is worked out."""

    ask: Ask
    due: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """An expectation beside what the books say."""

    says: str
    due: str
    found: str
    by: str = ""

    @property
    def holds(self) -> bool:
        """Equal as written."""
        return self.due == self.found


@dataclass(frozen=True, slots=True)
class Script:
    """begins, ends: first and last day of business; bills_on: days of the month on which bills are run
    (none: every day); bills_also: further days; dunning: whether collections try failed cards again."""

    begins: str
    ends: str
    parties: tuple[Party, ...]
    acts: tuple[Act, ...]
    expects: tuple[Expect, ...]
    bills_on: tuple[int, ...] = (1,)
    bills_also: tuple[str, ...] = ()
    dunning: bool = False

    @property
    def first(self) -> date:
        """Of business."""
        return date.fromisoformat(self.begins)

    @property
    def last(self) -> date:
        """Of business."""
        return date.fromisoformat(self.ends)

    @property
    def days(self) -> int:
        """Days of business."""
        return (self.last - self.first).days + 1

    @property
    def months(self) -> int:
        """The same in months of a spec, rounded up."""
        return -(-self.days * 12 // 365)

    @property
    def products(self) -> frozenset[str]:
        """SKUs that any act names."""
        return frozenset(item.sku for act in self.acts for item in getattr(act, "items", ()))

    @property
    def further_currencies(self) -> tuple[str, ...]:
        """Those of the customers that are not in every price book."""
        return tuple(sorted({party.currency for party in self.parties} - _USUAL))

    def runs_bills(self, day: date) -> bool:
        """Whether a day's morning has a bill run; the last day always has."""
        planned = not self.bills_on or day.day in self.bills_on or day.isoformat() in self.bills_also
        return planned or day >= self.last

    def judge(self, evidence: Evidence) -> tuple[Found, ...]:
        """Every expectation beside the books; a question that the books cannot answer says why."""
        return tuple(_answered(each, evidence) for each in self.expects)


def _answered(expect: Expect, evidence: Evidence) -> Found:
    try:
        found = expect.ask.of(evidence)
    except LookupError as missing:
        found = f"not in the books: {missing.args[0]}"
    return Found(expect.ask.says, expect.due, found, expect.by)
