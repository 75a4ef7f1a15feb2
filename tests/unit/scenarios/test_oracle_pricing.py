"""Cases of coupons, commitments, credit notes and tax through the adapters, and what they refuse."""

from pathlib import Path

import pytest

from core.finance.tax import taxes
from scenarios.oracle.case import Case, read_cases
from scenarios.oracle.index import TOPICS
from scenarios.oracle.judge import FAILED, NOT_APPLICABLE, PASSED, judge
from scenarios.oracle.topics.understanding import understood

CASES = read_cases(Path(__file__).parents[2] / "golden" / "oracles" / "pricing.json")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_every_figure_agrees(case):
    result = judge(case, TOPICS)
    assert result.state == PASSED, [
        result.reason,
        *(f"{f.path}: {f.expected} is {f.ours}" for f in result.figures if not f.agrees),
    ]


def asked(topic, inputs, expected=None, convention=""):
    expected = expected or {"total": "1"}
    shape = dict.fromkeys(expected)
    return judge(Case("x", topic, "other", convention, "", inputs, shape, expected), TOPICS)


@pytest.mark.parametrize(
    "topic", ["coupons_discounts", "commitment_prepaid", "credit_notes", "tax_rounding", "tax_nexus"]
)
def test_words_nobody_knows_are_not_answered(topic):
    result = asked(topic, {"moon": "full"})
    assert result.state == NOT_APPLICABLE
    assert result.reason


def test_what_cannot_be_worked_out_is_held_and_named():
    floats = asked("tax_rounding", {"base": 4.5, "tax_pct": "21"}, {"tax": "0.95"})
    assert floats.state == FAILED
    assert "4.5" in floats.reason
    unknown = asked("tax_rounding", {"currency": "XYZ", "base": "4.5", "tax_pct": "21"}, {"tax": "0.95"})
    assert "XYZ" in unknown.reason
    state = asked(
        "tax_nexus",
        {"thresholds": {"TX": {"sales": "1"}}, "activity": {"ZZ": {"sales": "2", "transactions": 1}}},
        {"nexus": {"ZZ": True}},
    )
    assert state.state != PASSED


def test_a_figure_that_is_none_of_a_bill_is_not_answered():
    result = asked("coupons_discounts", {"fees": ["10"], "coupon": "1"}, {"colour": "red"})
    assert result.state == NOT_APPLICABLE
    assert "colour" in result.reason


def test_what_an_adapter_cannot_read_is_not_applicable_and_what_breaks_below_is_not_hidden():
    unread = understood(reading_of)
    case = Case("x", "t", "s", "", "", {}, {}, None)
    with pytest.raises(ZeroDivisionError):
        unread(case)
    for topic, inputs in (
        ("credit_notes", {"fee": "10", "unused_days": "many"}),
        ("commitment_prepaid", {"wallet": "10", "unit_prices": "1", "steps": "none"}),
        ("tax_nexus", {"thresholds": {"TX": "500000"}, "activity": {}}),
    ):
        result = asked(topic, inputs)
        assert result.state == NOT_APPLICABLE, (topic, result)
        assert "not read" in result.reason


def reading_of(case):
    raise ZeroDivisionError(case.id)


def test_an_error_of_the_product_stays_an_error():
    def broken(case):
        return taxes.work_out(None, None)

    with pytest.raises(TypeError):
        understood(broken)(Case("x", "t", "s", "", "", {}, {}, None))
