"""The adapter of fx as a general reader: other numbers, lengths, currencies and quotations."""

from __future__ import annotations

from typing import Any

import pytest

from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.judge import PASSED, judge
from scenarios.oracle.topics import fx

TOPICS = {"fx": fx.answer}


def shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: shape(each) for key, each in value.items()}
    return [shape(each) for each in value] if isinstance(value, list) else None


def case(inputs: dict[str, Any], expected: Any, convention: str = "", rounding: str = "exact") -> Case:
    return Case("FX", "fx", "", convention, rounding, inputs, shape(expected), expected)


CASES: dict[str, tuple[Case, ...]] = {
    "a gain on payment, in pounds": (
        case(
            {"invoice_usd": "200", "rate_invoice": "0.80", "variants": [{"paid_at": "0.85"}]},
            {"receivable_gbp": "160", "paid": {"cash": "170", "fx_gain": "10", "fx_loss": "-10"}},
        ),
    ),
    "a refund that costs less": (
        case(
            {
                "invoice_eur": "30",
                "rate_invoice": "1.20",
                "variants": [{"paid_at": "1.20", "refunded_at": "1.10"}, {"paid_at": "1.00"}],
            },
            {
                "receivable_usd": "36",
                "refund": {"cash_out": "33", "fx_loss": "-3"},
                "paid": {"cash": "30", "fx_loss": "6"},
            },
        ),
    ),
    "rows of conversions, any number, rounded to cents, one of them a payable": (
        case(
            {
                "cases": [
                    {"fx": "333.33", "from": "1.1", "to": "1.2345"},
                    {"fx": "1", "from": "2", "to": "2"},
                    {"fx": "100", "from": "1.1", "to": "1.2", "kind": "payable"},
                ]
            },
            {"results": ["44.83", "0", "-10"]},
            rounding="half_up, 2 dp",
        ),
        case(
            {"cases": [{"fx": "100", "from": "2", "to": "4"}]},
            {"results": ["-25"]},
            convention="divisor method",
        ),
    ),
    "alternatives, advances of other sizes, and a revaluation that loses": (
        case(
            {
                "invoice": {"eur": "3", "rate": "90"},
                "payments_at": ["91", "89.5"],
                "three_unit": {"eur": "3", "rate": "90", "advance_2_at": "95", "payment_1_at": "88"},
                "revaluation": {"eur": "10", "from": "90", "to": "85.5"},
            },
            {
                "gain_loss": ["3", "-1.5"],
                "advance_gain": "10",
                "payment_gain": "-2",
                "revaluation_gain": "-45",
            },
        ),
    ),
    "parts of an invoice, and what stays open": (
        case(
            {
                "invoice": {"usd": "100", "rate": "1.10"},
                "payments": [{"usd": "40", "rate": "1.15"}, {"usd": "10", "rate": "1.05"}],
                "closing_rate": "1.20",
            },
            {
                "gain_loss": ["2", "-0.5"],
                "realised": "1.5",
                "unrealised": "5",
                "open_fx": "50",
                "open_home": "55",
            },
        ),
    ),
    "three closings, quoted either way": (
        case(
            {
                "positions": [{"fx": "100", "booked_rate": "1.25"}, {"fx": "100", "booked_rate": "1.0"}],
                "rates_per_unit_of_home": ["2.5", "4", "5"],
            },
            {
                "booked": "180",
                "run_1": {"value": "80", "gain": "-100"},
                "run_2": {"value_with_reversal": "50", "gain_with_reversal": "-130"},
                "run_3": {"value_with_reversal": "40", "gain_with_reversal": "-140", "gain_carried": "-10"},
                "trap_without_reversal": "-190",
            },
            convention="home value = fx / rate",
        ),
        case(
            {"positions": [{"fx": "100", "booked_rate": "1.10"}], "rates": ["1.20"]},
            {"booked": "110", "run_1": {"value": "120", "gain": "10"}},
            convention="home value = fx * rate",
        ),
        case(
            {"positions": [{"fx": "5000", "booked_rate": "0.75"}], "rates_per_unit_of_home": ["1.25"]},
            {"booked": "6666.67", "run_1": {"value": "4000", "gain": "-2666.67"}},
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_it_follows(name: str) -> None:
    for each in CASES[name]:
        result = judge(each, TOPICS)
        wrong = [figure for figure in result.figures if not figure.agrees]
        assert (result.state, wrong, result.reason) == (PASSED, [], "")


def test_what_is_not_known_is_said() -> None:
    with pytest.raises(NotOffered, match="hedge_gain"):
        fx.answer(case({"invoice_eur": "30", "rate_invoice": "1.2"}, {"hedge_gain": "1"}))


def test_a_rate_of_nothing_is_held() -> None:
    told = judge(case({"invoice_eur": "30", "rate_invoice": "0"}, {"receivable_usd": "0"}), TOPICS)
    assert told.reason.startswith("held: rate")
