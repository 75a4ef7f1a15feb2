"""Cases of the topic deferral: schedules by month and balances at dates, by the words of what is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from core.finance.calendar import Period, last_day
from core.finance.exact import whole
from core.finance.revenue.spread import Spread, months_of, shares
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics.deferral_terms import Terms, spread_named, terms_of, under
from scenarios.oracle.topics.revenue_reading import amount, day, major, month_named, words_of

_BALANCE = {"deferred", "balance", "liability", "remaining", "unearned", "prepaid"}
_ACCRUED = {"accrued", "accrual", "unbilled"}
_EARNED = {"recognised", "recognized", "revenue", "earned", "released"}
_NAME_A_METHOD = {"daily", "millisecond", "half", "evenly", "prorated", "full", "alternative"}
_GRANULARITY = words_of(
    "millisecond milliseconds ms second day days daily month months monthly evenly even full half prorated"
    " ends first last and by per with amortization granularity"
)
_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "ten": 10}
_PLACES = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}
_METHODS = {
    "days": Spread.DAILY,
    "day": Spread.DAILY,
    "daily": Spread.DAILY,
    "month": Spread.MONTHS_30,
    "months": Spread.MONTHS_30,
    "full_months": Spread.FULL_MONTHS,
    "half_months": Spread.HALF_MONTHS,
    "half_month": Spread.HALF_MONTHS,
}


def answer(case: Case) -> Any:
    """Each wanted key is read by its words: method, measure, month or date, place in the list."""
    methods = _methods(case.wanted)
    return {
        key: _figure(case, {**case.inputs, **methods.get(key, {})}, key, shape, "")
        for key, shape in case.wanted.items()
    }


def _methods(wanted: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Where several keys name granularities side by side: each with its own."""
    named = [
        key for key in wanted if words_of(key) <= _GRANULARITY and isinstance(wanted[key], list | Mapping)
    ]
    # "days" and "months" alone are as likely counts of days beside amounts by month.
    if len(named) < 2 or set(named) == {"days", "months"}:
        return {}
    beside = "full_months" in wanted
    found: dict[str, dict[str, Any]] = {}
    for key in named:
        words = words_of(key)
        bare = words <= {"month", "months", "monthly"}
        odoo = Spread.MONTHS_30 if beside else Spread.FULL_MONTHS
        text = key.replace("_", " ").replace("prorated ends", "first and last")
        found[key] = {"method": odoo if bare else spread_named(text)}
    return found


def _figure(case: Case, inputs: Mapping[str, Any], key: str, shape: Any, path: str) -> Any:
    if (found := _other(inputs, key)) is not None:
        inputs = found
    elif (
        "method" not in inputs
        and key in _METHODS
        and (isinstance(shape, Mapping) or "method" in f"{case.subtopic} {case.convention}")
    ):
        inputs = {**inputs, "method": key}
    if isinstance(shape, Mapping):
        return {each: _figure(case, inputs, each, inner, f"{path} {key}") for each, inner in shape.items()}
    said = f"{path} {key}"
    words = words_of(said)
    if "days" in words_of(key) and "method" not in inputs and isinstance(shape, list):
        return [part.days for part in months_of(terms_of(case, inputs).parts[0].service)]
    if "start" in inputs and "month_days" in inputs and shape is None:
        return _partial_month(case, inputs, words)
    if "monthly" in inputs and isinstance(inputs.get("days"), list) and shape is None:
        run, length = (amount(each, "days") for each in inputs["days"])
        return _rounded(case, inputs, amount(inputs["monthly"], "monthly") * run / length)
    terms = _terms(case, inputs, words, said)
    if isinstance(shape, list):
        return _list(terms, words, len(shape))
    return _single(terms, words, said)


def _compares(case: Case, shape: Any) -> bool:
    return isinstance(shape, Mapping) or "method" in f"{case.subtopic} {case.convention}"


def _other(inputs: Mapping[str, Any], key: str) -> Mapping[str, Any] | None:
    """Inputs of one case among several ("case_2"), or of the variant that the key names."""
    cases = inputs.get("cases", inputs.get("variants"))
    numbers = [int(word) for word in words_of(key) if word.isdigit()]
    if isinstance(cases, list) and numbers and words_of(key) & {"case", "variant"}:
        rest = {name: value for name, value in inputs.items() if name not in ("cases", "variants")}
        return {**rest, **cases[numbers[0] - 1]}
    if isinstance(cases, Mapping) and key in cases:
        return {**inputs, **cases[key]}
    for name, value in inputs.items():
        words = words_of(name) - {"variant"}
        if isinstance(value, Mapping) and name not in ("service", "cases") and len(words) > 1:
            shared = words & words_of(key)
            if len(shared) > 1:
                return {**inputs, **value}
    return None


def _terms(case: Case, inputs: Mapping[str, Any], words: frozenset[str], key: str) -> Terms:
    terms = terms_of(case, inputs)
    if isinstance(inputs.get("method"), Spread):
        return under(terms, inputs["method"])
    if inputs.get("method") in _METHODS:
        terms = under(terms, _METHODS[inputs["method"]])
    if words & _NAME_A_METHOD:
        terms = under(terms, spread_named(key.replace("_", " "), terms.rule.spread))
    return terms


def _list(terms: Terms, words: frozenset[str], length: int) -> list[Any]:
    if len(terms.cutoffs) == 1 and len(terms.parts) == length > 1 and words & (_BALANCE | _ACCRUED):
        alone = [replace(terms, parts=(part,)) for part in terms.parts]
        return [_balance(each, words, terms.cutoffs[0]) for each in alone]
    if terms.cutoffs and words & (_BALANCE | _ACCRUED):
        return [_balance(terms, words, cut) for cut in terms.cutoffs]
    slices = terms.slices()
    amounts = [part.amount.minor for part in slices]
    if words & _BALANCE:
        left, amounts = terms.total.minor, []
        for part in slices:
            left -= part.amount.minor
            amounts.append(left)
    amounts += [0] * (length - len(amounts))
    return [major(minor, terms.currency) for minor in amounts[:length]]


def _single(terms: Terms, words: frozenset[str], said: str) -> Any:
    slices = terms.slices()
    _refuse_portions(words)
    month = month_named(words, said, [part.month for part in slices])
    times = next((_NUMBERS[word] for word in words if word in _NUMBERS), 1)
    place = next((_PLACES[word] for word in _PLACES if word in words), None)
    if words & {"cutoff", "cutoffs", "cut"} and place is not None and terms.cutoffs:
        return _balance(terms, words, terms.cutoffs[place]) * times
    on = next((each for each in said.split() if len(each) == 10 and each.count("-") == 2), "")
    if on and words & (_BALANCE | _ACCRUED | _EARNED):
        return _balance(terms, words if words & _BALANCE else words | _ACCRUED, day(on))
    if month is not None and words & (_BALANCE | _ACCRUED):
        released = sum(part.amount.minor for part in slices if part.month <= month)
        minor = released if words & _ACCRUED else terms.total.minor - released
        return major(minor * times, terms.currency)
    if "naive" in words:
        share = shares(terms.parts[0].service, terms.rule.spread)[place if place is not None else -1][1]
        return major(whole(terms.total.minor * share, terms.rule.rounding), terms.currency)
    if month is not None:
        found = sum(part.amount.minor for part in slices if part.month == month)
        return major(found * times, terms.currency)
    return _named(terms, words, place)


def _refuse_portions(words: frozenset[str]) -> None:
    if unread := words & {"current", "noncurrent", "long", "portion"}:
        raise NotOffered(f"{', '.join(sorted(unread))}: a balance is not split by how soon it is earned")


def _named(terms: Terms, words: frozenset[str], place: int | None) -> Any:
    slices = terms.slices()
    if words & {"each", "monthly", "per"} and not words & {"daily", "day"}:
        full = [part.amount for part in slices if part.days == _calendar_month(part.month)]
        return (full or [part.amount for part in slices])[0]
    if place is not None:
        return slices[place].amount
    if len(terms.cutoffs) == 1 and words & (_BALANCE | _ACCRUED):
        return _balance(terms, words, terms.cutoffs[0])
    if ("total" in words or "sum" in words) and not terms.cutoffs:
        return terms.total
    if words & {"daily", "day"}:
        count = sum(part.service.days for part in terms.parts)
        return major(whole(Fraction(terms.total.minor, count), terms.rule.rounding), terms.currency)
    if "days" in words:
        return sum(part.service.days for part in terms.parts)
    if "months" in words:
        return len(slices)
    raise NotOffered(f"{' '.join(sorted(words))}: not a figure of a schedule")


def _balance(terms: Terms, words: frozenset[str], last: date) -> Any:
    left = terms.deferred_after(last)
    return (terms.total - left).major if words & _ACCRUED else left.major


def _partial_month(case: Case, inputs: Mapping[str, Any], words: frozenset[str]) -> Any:
    start = day(inputs["start"])
    days = int(amount(inputs["month_days"], "month_days")) - start.day + 1
    if "days" in words:
        return days
    terms = terms_of(case, inputs)
    service = Period(start, terms.parts[0].service.end + timedelta(days=start.day - 1))
    share = shares(service, Spread.MONTHS_PRORATED)[0][1]
    return major(whole(terms.total.minor * share, terms.rule.rounding), terms.currency)


def _calendar_month(month: date) -> Period:
    return Period(month, last_day(month) + timedelta(days=1))


def _rounded(case: Case, inputs: Mapping[str, Any], value: Fraction) -> Any:
    terms = terms_of(case, inputs)
    unit = 10 ** (-int(terms.total.major.as_tuple().exponent))
    return major(whole(value * unit, terms.rule.rounding), terms.currency)
