"""I-38: what the month-end controls find is what the books differ by: nothing less, nothing more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from types import MappingProxyType

from scenarios.checkers.apart import Books, Key, differences
from scenarios.checkers.findings import grouped, major
from scenarios.checkers.month_books import arithmetic, customers, receivables, register, roll_forward, taxes
from scenarios.checkers.month_cash import arrivals, clearing, composition, payments, statements
from scenarios.evidence.controls import ControlRun, Tally
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged

BOTH_BOOKS: Mapping[str, Callable[[Evidence, str], Books]] = MappingProxyType(
    {
        "C03": customers,
        "C07": arithmetic,
        "C08": taxes,
        "C10": register,
        "C11": receivables,
        "C12": roll_forward,
        "C13": payments,
        "C14": clearing,
        "C15": composition,
        "C16": arrivals,
        "C19": statements,
    }
)
# These may let a pair pass that is a little apart: rounding in two places, a policy, a form's whole units.
TOLERANT = frozenset({"C05", "C09", "C20", "C25", "C26", "C29", "C31", "C35"})
_COUNT = 40


def check(evidence: Evidence) -> Verdict:
    """Per month and control: the two sides differ by its findings and by nothing else. For those in
    BOTH_BOOKS also: it saw all of both books, and its findings are their differences, key by key. All forty
    are claimed of a month, or none is."""
    witnesses: list[Witness] = []
    examined = 0
    for month, runs in grouped(evidence.controls, lambda run: run.month).items():
        named = {run.control for run in runs}
        due = {f"C{number:02d}" for number in range(1, _COUNT + 1)}
        for control in sorted(due - named):
            witnesses.append(Witness("lost", (control, month), f"{control} of {month} was not run at all"))
        for run in runs:
            examined += 1
            witnesses += _cross_foot(run)
            if run.control in BOTH_BOOKS and (run.left.rows or run.right.rows or run.state != "not run"):
                witnesses += _against_the_books(evidence, run)
    return judged("I-38", examined, witnesses)


def _cross_foot(run: ControlRun) -> Iterator[Witness]:
    """Left less right is what was found and what was let pass, in every unit."""
    if any(found.says.startswith("in different currencies") for found in run.findings):
        return
    sums: dict[str, Fraction] = {}
    for tally, sign in ((run.left, 1), (run.right, -1), (run.agreed, -1), (run.agreed_right, 1)):
        for unit, amount in tally.totals:
            sums[unit] = sums.get(unit, Fraction(0)) + sign * amount
    for found in run.findings:
        sums[found.unit] = sums.get(found.unit, Fraction(0)) - found.amount
    for unit, rest in sums.items():
        if rest:
            said = f"the sides differ by {_told(rest, unit)} more than it found"
            yield _witness(run, "lost", said, rest, unit)
    passed, right = dict(run.agreed.totals), dict(run.agreed_right.totals)
    for unit in sorted({*passed, *right}) if run.control not in TOLERANT else ():
        apart = passed.get(unit, Fraction(0)) - right.get(unit, Fraction(0))
        if apart:
            yield _witness(run, "wrong_amount", f"it let pass {_told(apart, unit)}", apart, unit)


def _against_the_books(evidence: Evidence, run: ControlRun) -> Iterator[Witness]:
    pair = BOTH_BOOKS[run.control](evidence, run.month)
    for side, rows, tally in (("left", pair.left, run.left), ("right", pair.right, run.right)):
        sums: dict[str, int] = {}
        for row in rows:
            sums[row.unit] = sums.get(row.unit, 0) + row.value
        if pair.one_to_one and tally.rows != len(rows):
            said = f"it saw {tally.rows} rows on the {side}, the book has {len(rows)}"
            yield _witness(run, "lost" if tally.rows < len(rows) else "orphaned", said)
        yield from _totals(run, side, tally, sums)
    found: dict[Key, Fraction] = {}
    units = {item.key: item.unit for item in run.findings}
    for item in run.findings:
        found[item.key] = found.get(item.key, Fraction(0)) + item.amount
    apart = differences(pair)
    units |= {row.key: row.unit for row in (*pair.right, *pair.left)}
    for key in sorted({*found, *apart}):
        name, unit = "/".join(part for part in key if part), units[key]
        if key not in found:
            amount = Fraction(apart[key])
            yield _witness(run, "lost", f"{name} is {_told(amount, unit)} apart, not found", amount, unit)
        elif key not in apart:
            yield _witness(run, "orphaned", f"{name} agrees, and is told as apart", found[key], unit)
        elif found[key] != apart[key]:
            said = f"{name} is {_told(Fraction(apart[key]), unit)} apart, told as {_told(found[key], unit)}"
            yield _witness(run, "wrong_amount", said, found[key] - apart[key], unit)


def _totals(run: ControlRun, side: str, tally: Tally, sums: dict[str, int]) -> Iterator[Witness]:
    seen = dict(tally.totals)
    for unit in sorted({*seen, *sums}):
        apart = seen.get(unit, Fraction(0)) - sums.get(unit, 0)
        if apart:
            whole = _told(Fraction(sums.get(unit, 0)), unit)
            said = f"it saw {_told(seen.get(unit, Fraction(0)), unit)} on the {side}, the book has {whole}"
            yield _witness(run, "wrong_amount", said, apart, unit)


def _witness(
    run: ControlRun, kind: str, said: str, amount: Fraction = Fraction(0), unit: str = ""
) -> Witness:
    money = _is_money(unit)
    says = f"{run.control} of {run.month}: {said}"
    return Witness(kind, (run.control, run.month), says, int(amount) if money else 0, unit if money else "")


def _told(amount: Fraction, unit: str) -> str:
    return major(int(amount), unit) if _is_money(unit) else f"{amount} {unit}".rstrip()


def _is_money(unit: str) -> bool:
    return len(unit) == 3 and unit.isupper()
