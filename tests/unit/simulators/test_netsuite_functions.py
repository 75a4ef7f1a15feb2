"""Laws of SuiteQL's functions: ranges that meet, numbers that come back, texts of the asked length."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulators.netsuite.rules.query.numerals import numeral
from simulators.netsuite.rules.query.relative import relative
from simulators.netsuite.rules.query.texts import (
    instr,
    lpad,
    regexp_count,
    regexp_instr,
    regexp_replace,
    regexp_substr,
    rpad,
    translate,
)

DAYS = st.dates(date(1999, 1, 1), date(2101, 12, 31))
UNITS = st.sampled_from(("W", "M", "FQ", "FY", "Q", "Y"))
ONE = timedelta(days=1)


@settings(max_examples=60, deadline=None)
@given(DAYS, UNITS)
def test_spans_meet_without_a_gap_and_the_present_one_holds_today(today: date, unit: str) -> None:
    def span(name: str) -> tuple[date, date]:
        return relative(today, name, "START"), relative(today, name, "END")

    last, this, next_ = span(f"L{unit}"), span(f"T{unit}"), span(f"N{unit}")
    assert this[0] <= today <= this[1]
    assert (last[1] + ONE, this[1] + ONE) == (this[0], next_[0])
    assert relative(today, f"T{unit}TD", "END") == today
    assert last[0] <= relative(today, f"L{unit}TD", "END") <= last[1]


@pytest.mark.parametrize("wrong", [("TODAYS", "START"), ("TM", "MIDDLE"), ("XM", "END")])
def test_spans_that_there_are_not(wrong: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="'"):
        relative(date(2026, 1, 1), *wrong)


@settings(max_examples=60, deadline=None)
@given(st.decimals(-(10**8), 10**8, places=2))
def test_a_number_comes_back_from_its_format(value: Decimal) -> None:
    for pattern in ("FM999,999,990.00", "FM000000000.00", "999999990.00"):
        assert Decimal(numeral(value, pattern).replace(",", "").strip()) == value


@pytest.mark.parametrize(
    ("value", "pattern", "shown"),
    [
        ("1234.5", "9,999.99", " 1,234.50"), ("-1234.5", "9,999.99", "-1,234.50"), ("0.5", "FM99.9", ".5"),
        ("12345", "999", "####"), ("7", "FM000", "007"), ("-3", "9MI", "3-"), ("5", "FM$9.00", "$5.00"),
        ("0.004", "FM90.00", "0.00"), ("-0.004", "FM90.00", "0.00"),
    ],
)  # fmt: skip
def test_formats_of_numbers(value: str, pattern: str, shown: str) -> None:
    assert numeral(Decimal(value), pattern) == shown


TEXTS = st.text("ab-1 ", max_size=12)


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.integers(1, 20), st.text("xy", min_size=1, max_size=3))
def test_a_padded_text_has_the_asked_length(text: str, length: int, fill: str) -> None:
    left, right = lpad(text, length, fill), rpad(text, length, fill)
    assert left is not None
    assert right is not None
    assert len(left) == len(right) == length
    assert left.endswith(text[:length])
    assert right.startswith(text[:length])


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.integers(1, 3))
def test_places_and_matches_agree(text: str, nth: int) -> None:
    place, found = regexp_instr(text, "a+", 1, nth, None), regexp_substr(text, "a+", 1, nth, None)
    assert (place == 0) == (found is None)
    assert (regexp_count(text, "a+", 1, None) or 0) >= nth or place == 0
    if found is not None and place:
        assert text[place - 1 :].startswith(found)
    single = instr(text, "a", 1, nth)
    assert single == regexp_instr(text, "a", 1, nth, None)
    assert (regexp_replace(text, "a", "", 1, 0, None) or "") == (translate(text, "a", "") or "").replace(
        "a", ""
    )
