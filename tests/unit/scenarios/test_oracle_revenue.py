"""Worked examples of revenue: published figures, and other numbers checked by arithmetic of our own."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.oracle.case import Case, read_cases
from scenarios.oracle.index import TOPICS
from scenarios.oracle.judge import NOT_APPLICABLE, PASSED, judge

FILES = sorted(Path(__file__).parents[2].glob("golden/oracles/revenue_*.json"))
CASES = [case for path in FILES for case in read_cases(path)]


@pytest.mark.parametrize("case", CASES, ids=[f"{case.topic}-{case.id}" for case in CASES])
def test_worked_example(case):
    result = judge(case, TOPICS)
    wrong = [f"{f.path}: {f.expected} is not {f.ours}" for f in result.figures if not f.agrees]
    assert result.state == PASSED, wrong or result.reason


def put(topic, inputs, expected, **more):
    case = Case("own", topic, "", more.pop("convention", ""), "", inputs, _blank(expected), expected, **more)
    return judge(case, TOPICS)


def _blank(value):
    if isinstance(value, dict):
        return {key: _blank(each) for key, each in value.items()}
    return [_blank(each) for each in value] if isinstance(value, list) else None


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 10**7), st.dates(date(2020, 1, 1), date(2026, 1, 1)), st.integers(1, 700))
def test_daily_deferral_by_decimal_arithmetic(cents, start, length):
    total, last = Decimal(cents) / 100, start + timedelta(days=length - 1)
    counts: dict[str, int] = {}
    for offset in range(length):
        month = f"{start + timedelta(days=offset):%Y-%m}"
        counts[month] = counts.get(month, 0) + 1
    cent = Decimal("0.01")
    parts = [(total * days / length).quantize(cent, ROUND_HALF_UP) for days in counts.values()]
    parts[-1] = total - sum(parts[:-1])
    if parts[-1] < 0:  # more months than cents: the schedule stops at the total instead
        return
    inputs = {"amount": str(total), "service": [str(start), f"{last} inclusive"]}
    result = put("deferral", inputs, {"months": [str(part) for part in parts]})
    assert result.state == PASSED, result


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 10**6), st.lists(st.integers(1, 10**5), min_size=2, max_size=6))
def test_relative_allocation_by_integer_arithmetic(price, ssp):
    total = sum(ssp)
    parts = [price * each // total for each in ssp]
    order = sorted(range(len(ssp)), key=lambda i: (-(price * ssp[i] % total), i))
    for i in order[: price - sum(parts)]:
        parts[i] += 1
    inputs = {"price": f"{price}.00", "ssp": {f"P{i}": str(each) for i, each in enumerate(ssp)}}
    case = Case("own", "ssp_allocation", "", "", "whole units", inputs, {"allocation": {}}, {})
    found = TOPICS["ssp_allocation"](case)["allocation"]
    assert [part.minor for part in found.values()] == [part * 100 for part in parts]


@settings(max_examples=40, deadline=None)
@given(*(st.integers(1, 10**6) for _ in range(4)), st.integers(0, 10**6))
def test_catch_up_by_decimal_arithmetic(price, more, done, rest, extra):
    cost = done + rest
    before = Decimal(price) * done / cost
    after = Decimal(price + more) * done / (cost + extra)
    cent = Decimal("0.01")
    expected = after.quantize(cent, ROUND_HALF_UP) - before.quantize(cent, ROUND_HALF_UP)
    changed = {"price_added": str(more), "cost_added": str(extra)}
    inputs = {"price": str(price), "cost": str(cost), "costs_to_date": str(done), "modified": changed}
    assert put("contract_modification", inputs, {"catch_up_exact": str(expected)}).state == PASSED


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 12), st.booleans(), st.integers(1, 10**5)), min_size=1, max_size=8),
)
def test_a_line_stands_where_deliveries_and_bills_leave_it(events):
    months = "jan feb mar apr may jun jul aug sep oct nov dec".split()  # noqa: SIM905
    line = {f"{'delivered' if d else 'billed'}_{months[m - 1]}": str(amount) for m, d, amount in events}
    delivered = sum(int(value) for key, value in line.items() if key.startswith("delivered"))
    billed = sum(int(value) for key, value in line.items() if key.startswith("billed"))
    expected = {
        "unbilled_end_dec": str(max(delivered - billed, 0)),
        "contract_liability_end_dec": str(max(billed - delivered, 0)),
        "revenue": str(delivered),
    }
    result = put("unbilled_contract_asset", {"line": line}, {"line": expected})
    assert result.state == PASSED, result


def test_what_is_not_described_is_not_offered():
    for topic in ("deferral", "ssp_allocation", "contract_modification", "unbilled_contract_asset"):
        assert put(topic, {"colour": "blue"}, {"months": ["1"]}).state == NOT_APPLICABLE
    unknown = put("ssp_allocation", {"price": "1", "ssp": {"A": "1"}}, {"mood": "1"})
    assert unknown.state == NOT_APPLICABLE
    assert "mood" in unknown.reason


def test_an_amount_that_is_none_is_held_and_not_taken_for_zero():
    inputs = {"amount": "a lot", "service": ["2026-01-01", "2026-02-01"]}
    result = put("deferral", inputs, {"months": ["0"]})
    assert result.state != PASSED
    assert "amount: 'a lot'" in result.reason
