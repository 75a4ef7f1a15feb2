"""The tie-out binder of a month-end close: every control with its totals, exceptions and sign-off.

`to_json` writes schema "tieout-binder/1": {schema, month, story, model, token, cut_off, counts {state: n},
controls [{id, name, owner, state, reason, read, left, right, matched {rows, totals [{amount, unit}]}, terms
{left, right, keys, tolerance}, exceptions [{cause, key [], amount, left, right, unit, says, owner,
explained}], unexplained [{amount, unit}]}]}. Amounts are decimal strings in major units of a currency, or
plain counts of the unit named. state: "signed off", "exceptions open", "not applicable" or "not run"; read:
how its books were read, "port", "books" or "port and books", with "; nightly by port" where the core looks at
them each night too.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports.charts.binder import strip
from reports.charts.svg import clean
from reports.units import EXPONENTS, format_money, plural

SIGNED_OFF, OPEN, NOT_RUN = "signed off", "exceptions open", "not run"
# Both books were read, and neither has a row.
NOT_APPLICABLE = "not applicable"
# Of one control so many exceptions stand on the page; all of them stand in the JSON.
SHOWN_MAX = 30


@dataclass(frozen=True, slots=True)
class Sum:
    """minor: in minor units where `unit` is a currency of three capital letters; else in that unit."""

    minor: int | Fraction
    unit: str

    @property
    def is_money(self) -> bool:
        """Whether the unit is a currency."""
        return len(self.unit) == 3 and self.unit.isupper()

    def __str__(self) -> str:
        if self.is_money:
            return format_money(int(self.minor), self.unit)
        return f"{_plain(self.minor)} {self.unit}"

    def plain(self) -> dict[str, str]:
        """As JSON has it."""
        if not self.is_money:
            return {"amount": _plain(self.minor), "unit": self.unit}
        exponent = EXPONENTS.get(self.unit, 2)
        whole, part = divmod(abs(int(self.minor)), 10**exponent)
        sign = "-" if self.minor < 0 else ""
        return {"amount": f"{sign}{whole}" + (f".{part:0{exponent}d}" if exponent else ""), "unit": self.unit}


@dataclass(frozen=True, slots=True)
class Side:
    """rows and their sums."""

    rows: int
    totals: tuple[Sum, ...]


@dataclass(frozen=True, slots=True)
class Exception_:
    """One exception; cause "" where nobody knows it; explained: by the books, or by `says`' author."""

    cause: str
    key: tuple[str, ...]
    amount: Sum
    left: Sum
    right: Sum
    says: str
    owner: str
    explained: bool


@dataclass(frozen=True, slots=True)
class ControlLine:
    """One control of the binder."""

    id: str
    name: str
    owner: str
    state: str
    reason: str
    read: str
    left_is: str
    right_is: str
    keys: str
    tolerance: str
    left: Side
    right: Side
    matched: Side
    exceptions: tuple[Exception_, ...]
    unexplained: tuple[Sum, ...]

    @property
    def open(self) -> int:
        """Exceptions that wait for somebody."""
        return sum(not found.explained for found in self.exceptions)

    @property
    def shown(self) -> tuple[Exception_, ...]:
        """Those that stand on the page: open ones first."""
        return tuple(sorted(self.exceptions, key=lambda found: found.explained))[:SHOWN_MAX]


@dataclass(frozen=True, slots=True)
class Binder:
    """A whole close. cut_off: for people; command: makes it again; note: what a reader has to know of it, ""
    for nothing."""

    month: str
    story: str
    model: str
    token: str
    cut_off: str
    command: str
    controls: tuple[ControlLine, ...]
    note: str = ""

    @property
    def counts(self) -> Counter[str]:
        """Controls by state."""
        return Counter(control.state for control in self.controls)

    @property
    def owners(self) -> list[tuple[str, list[ControlLine]]]:
        """Who is to sign, by name, and for what: all that was run."""
        found: dict[str, list[ControlLine]] = {}
        for control in self.controls:
            if control.state != NOT_RUN:
                found.setdefault(control.owner, []).append(control)
        return sorted(found.items())

    @property
    def closed(self) -> bool:
        """Whether no exception is open anywhere."""
        return not any(control.open for control in self.controls)


def to_html(binder: Binder) -> str:
    """The page as one text; nothing is fetched, no script runs."""
    environment = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: clean(value) if type(value) is str else value,
    )
    environment.globals.update(plural=plural)
    states = [(control.id, control.name, control.state, control.open) for control in binder.controls]
    return environment.get_template("binder.html.j2").render(
        binder=binder,
        strip=Markup(strip(states)),
        signed_off=binder.counts[SIGNED_OFF],
        not_run=[control for control in binder.controls if control.state == NOT_RUN],
        without=[control for control in binder.controls if control.state in (NOT_RUN, NOT_APPLICABLE)],
        with_exceptions=[control for control in binder.controls if control.exceptions],
        open=sum(control.open for control in binder.controls),
        shown_max=SHOWN_MAX,
    )


def to_json(binder: Binder) -> str:
    """Schema "tieout-binder/1", as the module says."""
    return json.dumps(
        {
            "schema": "tieout-binder/1",
            "month": binder.month,
            "story": binder.story,
            "model": binder.model,
            "token": binder.token,
            "cut_off": binder.cut_off,
            **({"note": binder.note} if binder.note else {}),
            "counts": {state: binder.counts[state] for state in (SIGNED_OFF, OPEN, NOT_APPLICABLE, NOT_RUN)},
            "controls": [_control(control) for control in binder.controls],
        },
        indent=1,
        ensure_ascii=False,
    )


def _control(control: ControlLine) -> dict[str, object]:
    return {
        "id": control.id,
        "name": control.name,
        "owner": control.owner,
        "state": control.state,
        "reason": control.reason,
        "read": control.read,
        "left": _side(control.left),
        "right": _side(control.right),
        "matched": _side(control.matched),
        "terms": {
            "left": control.left_is,
            "right": control.right_is,
            "keys": control.keys,
            "tolerance": control.tolerance,
        },
        "exceptions": [
            {
                "cause": found.cause,
                "key": list(found.key),
                **found.amount.plain(),
                "left": found.left.plain()["amount"],
                "right": found.right.plain()["amount"],
                "says": found.says,
                "owner": found.owner,
                "explained": found.explained,
            }
            for found in control.exceptions
        ],
        "unexplained": [sum_.plain() for sum_ in control.unexplained],
    }


def _side(side: Side) -> dict[str, object]:
    return {"rows": side.rows, "totals": [sum_.plain() for sum_ in side.totals]}


def _plain(value: int | Fraction) -> str:
    """Exactly; a fraction that has no end as numerator/denominator."""
    value = Fraction(value)
    if value.denominator == 1:
        return str(value.numerator)
    for places in range(1, 13):
        scaled = value * 10**places
        if scaled.denominator == 1:
            sign, digits = "-" if scaled < 0 else "", str(abs(scaled.numerator)).rjust(places + 1, "0")
            return f"{sign}{digits[:-places]}.{digits[-places:]}"
    return f"{value.numerator}/{value.denominator}"
