"""What honest controls say of the small world's January, worked out by hand, and ways to say it wrongly."""

from dataclasses import replace
from fractions import Fraction

from scenarios.evidence.controls import ControlFinding, ControlRun, Tally

EUR = "EUR"
# control: (rows on the left, on the right, pairs that agree, sum of either side, unit)
_SEEN = {
    "C03": (6, 6, 6, 6, "customers"),
    "C07": (10, 10, 10, 82644, EUR),
    "C10": (5, 5, 5, 41322, EUR),
    "C11": (2, 9, 1, 13936, EUR),
    "C12": (7, 2, 1, 13936, EUR),
    "C13": (3, 3, 3, 27000, EUR),
    "C14": (4, 4, 4, -13500, EUR),
    "C15": (2, 1, 1, 8622, EUR),
    "C16": (1, 1, 1, 8622, EUR),
    "C19": (1, 2, 1, 10622, EUR),
}
_NOTHING = Tally(0)


def tally(rows, amount, unit=EUR):
    """One unit."""
    return Tally(rows, ((unit, Fraction(amount)),))


def claims(names=("",)):
    """All forty of January, over the world as often as there are `names` (suffixes of its ids)."""
    times, found = len(names), []
    for number in range(1, 41):
        control = f"C{number:02d}"
        if control in _SEEN:
            left, right, agreed, amount, unit = _SEEN[control]
            sums = [tally(rows * times, amount * times, unit) for rows in (left, right, agreed, agreed)]
            found.append(ControlRun("2026-01", control, "passed", *sums))
        elif control != "C08":
            found.append(ControlRun("2026-01", control, "not run", *[_NOTHING] * 4))
        else:
            # The refund's credit note was never told to the tax engine.
            gone = [
                ControlFinding((f"CN-1{name}", "", ""), "not reversed", EUR, Fraction(-500)) for name in names
            ]
            sums = [(5, 3823), (4, 4323), (4, 4323), (4, 4323)]
            tallies = [tally(rows * times, amount * times) for rows, amount in sums]
            found.append(ControlRun("2026-01", control, "exceptions", *tallies, tuple(gone)))
    return tuple(found)


def said(w, control, **values):
    """The world in which one control says something else."""
    runs = (replace(run, **values) if run.control == control else run for run in w.controls)
    return replace(w, controls=tuple(runs))


def _finding(amount, *key, unit=EUR, says=""):
    return ControlFinding(key, "", unit, Fraction(amount), says)


def _cut_short(w):
    """Two things are wrong, one is told; totals are as they are."""
    return said(
        w,
        "C08",
        left=tally(5, 3000),
        findings=(_finding(-500, "CN-1", "", ""),),
    )


TRUE = {
    "nothing is over yet": lambda w: replace(w, controls=claims()),
    "parts of one difference": lambda w: said(
        w, "C08", findings=(_finding(-400, "CN-1", "", ""), _finding(-100, "CN-1", "", ""))
    ),
    "a control of rounding lets a cent pass": lambda w: said(
        w, "C25", state="passed", left=tally(1, 101), right=tally(1, 100),
        agreed=tally(1, 101), agreed_right=tally(1, 100),
    ),
}  # fmt: skip
FALSE = {
    "a key is dropped": lambda w: said(
        w, "C10", left=tally(4, 29322), right=tally(4, 29322), agreed=tally(4, 29322),
        agreed_right=tally(4, 29322),
    ),
    "a row is seen twice": lambda w: said(
        w, "C03", left=tally(7, 7, "customers"),
        findings=(_finding(1, "ACC-0001", "billing", unit="customers"),),
    ),
    "a cent is swallowed": lambda w: said(
        w, "C18", state="passed", left=tally(1, 100), right=tally(1, 100), agreed=tally(1, 100),
        agreed_right=tally(1, 99),
    ),
    "a difference of billing and tax is swallowed": lambda w: said(
        w, "C08", findings=(), agreed=tally(5, 3823)
    ),
    "a strict control lets a cent pass": lambda w: said(
        w, "C21", state="passed", left=tally(1, 100), right=tally(1, 99), agreed=tally(1, 100),
        agreed_right=tally(1, 99),
    ),
    "the list is cut short": _cut_short,
    "the list of a control of sums is cut short": lambda w: said(
        w, "C24", state="exceptions", left=tally(2, 500), right=tally(2, 200), agreed=_NOTHING,
        agreed_right=_NOTHING, findings=(_finding(100, "P-1"),),
    ),
    "an amount is wrong": lambda w: said(w, "C08", findings=(_finding(-499, "CN-1", "", ""),)),
    "another document is blamed": lambda w: said(w, "C08", findings=(_finding(-500, "CN-2", "", ""),)),
    "an alarm about nothing": lambda w: said(w, "C16", findings=(_finding(0, "po_1"),)),
    "a control was left out": lambda w: replace(
        w, controls=tuple(run for run in w.controls if run.control != "C33")
    ),
}  # fmt: skip
