"""The readers of usage, metrics and aging cases follow the inputs, whatever their numbers and lengths."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction as F
from pathlib import Path

import pytest

from scenarios.oracle.case import Case, NotOffered, read_cases
from scenarios.oracle.fitting import fitted, rounded
from scenarios.oracle.index import TOPICS
from scenarios.oracle.judge import FAILED, PASSED, judge
from scenarios.oracle.topics import aging_dso, saas_metrics, usage_rating


def ask(adapter, inputs, wanted, subtopic="", convention="", rounding="exact"):
    return adapter.answer(Case("X", "", subtopic, convention, rounding, inputs, wanted, None))


TIERS = [{"up_to": "3", "unit_price": "4", "flat_fee": "7"}, {"up_to": None, "unit_price": "2"}]


def test_tiers_follow_the_word_of_the_case():
    wanted = {"totals": [None] * 3}
    inputs = {"tiers": TIERS, "quantities": ["0", "3", "5"]}
    assert ask(usage_rating, inputs, wanted, "graduated")["totals"] == [7, 19, 23]
    assert ask(usage_rating, inputs, wanted, "volume_cliff")["totals"] == [7, 19, 10]
    with pytest.raises(NotOffered, match="neither graduated nor volume"):
        ask(usage_rating, inputs, wanted)


def test_splits_and_limits_of_other_models():
    inputs = {
        "package_size": "10",
        "package_price": "15",
        "quantity": "110",
        "split": {"before": "60", "in_line": "50"},
        "max_spend": "100",
        "billed_before_split": "90",
    }
    wanted = {"split_line_amount": None, "split_line_with_max_spend": None, "max_spend_discount": None}
    assert ask(usage_rating, inputs, wanted) == {
        "split_line_amount": 75,
        "split_line_with_max_spend": 10,
        "max_spend_discount": 65,
    }
    minimum = {"unit_price": "10", "quantity": "4", "minimum": "100"}
    assert ask(usage_rating, minimum, {"amount": None, "top_up": None}) == {"amount": 40, "top_up": 60}


def test_percentages_and_their_variants():
    inputs = {
        "rate": "2.99",
        "events": ["10", "80", "10000"],
        "per_transaction_min_amount": "1.75",
        "per_transaction_max_amount": "12",
        "variants": [{}, {"fixed_amount": "2"}, {"free_units_per_events": 2}],
    }
    found = ask(usage_rating, inputs, {"variants": [None] * 3})
    assert found["variants"] == [F("16.142"), F("18.691"), 12]
    running = {
        "rate": "1.3",
        "aggregation": "800",
        "count": 4,
        "running_total": ["50", "150", "400"],
        "fixed_amount": "2.0",
        "free_units_per_events": 3,
        "free_units_per_total_aggregation": "250.0",
    }
    wanted = {"amount": None, "free_events": None, "paid_events": None}
    assert ask(usage_rating, running, wanted) == {"amount": F("11.15"), "free_events": 2, "paid_events": 2}


def test_percentage_tiers_owe_no_flat_fee_without_use():
    tiers = [
        {"up_to": "10", "rate": "1", "flat_fee": "200"},
        {"up_to": "20", "rate": "2", "flat_fee": "300"},
        {"up_to": None, "rate": "3", "flat_fee": "400"},
    ]
    inputs = {"tiers": tiers, "quantities": ["0", "1", "10", "11", "21"]}
    found = ask(usage_rating, inputs, {"totals": [None] * 5}, "graduated_percentage")
    assert found["totals"] == [0, F("200.01"), F("200.1"), F("500.12"), F("900.33")]


def test_levels_of_three_months_chain():
    months = [
        {"days": 31, "start_level": "10", "moves": []},
        {"days": 30, "moves": [{"day": 16, "delta": "10"}]},
    ]
    found = ask(usage_rating, {"months": months, "unit_price": "2"}, {"may": None, "june": None})
    assert found == {"may": 20, "june": 30}


def test_several_units_with_three_tiers():
    inputs = {
        "calls": {
            "tier_1": {"qty": 5, "price": "1"},
            "tier_2": {"qty": 5, "price": "3"},
            "tier_3": {"qty": 2, "price": "4"},
        },
        "films": {"first": 2, "first_price": "5", "rest": 3, "rest_price": "1"},
    }
    wanted = {"all_tier_total": None, "top_tier_total": None, "films_total": None}
    assert ask(usage_rating, inputs, wanted) == {
        "all_tier_total": 28,
        "top_tier_total": 48,
        "films_total": 13,
    }


def test_what_is_not_known_is_not_offered():
    with pytest.raises(NotOffered, match="inputs: moon"):
        ask(usage_rating, {"moon": "1"}, {"amount": None})
    with pytest.raises(NotOffered, match="figures: weather"):
        ask(usage_rating, {"unit_price": "1", "quantity": "1"}, {"weather": [None] * 9})


def test_bridges_of_months_and_of_customers():
    months = [{"start": "100", "new": "50", "churn": "10"}, {"expansion": "14", "contraction": "7"}]
    wanted = {"end": [None, None], "nrr_case_2": None}
    found = ask(saas_metrics, {"cases": months}, wanted)
    assert found == {"end": [140, 147], "nrr_case_2": 105}
    customers = {"before": {"A": "10", "B": "5"}, "after": {"A": "12", "C": "1"}}
    wanted = {"new": None, "expansion": None, "churn": None, "closing": None, "quick_ratio": None}
    assert ask(saas_metrics, customers, wanted, rounding="half_up, 1 dp") == {
        "new": 1,
        "expansion": 2,
        "churn": 5,
        "closing": 13,
        "quick_ratio": F("0.6"),
    }


def test_worth_of_customers():
    inputs = {"mrr": "5000", "customers": 100, "churn_rate_pct": "4", "gross_margin_pct": "80", "cac": "250"}
    wanted = {"arpa": None, "ltv": None, "ltv_cac_ratio": None, "payback_months": None, "arr": None}
    assert list(ask(saas_metrics, inputs, wanted).values()) == [50, 1000, 4, F("6.25"), 60000]


def test_aging_of_invoices_with_rates_and_expense():
    inputs = {
        "as_of": "2026-04-30",
        "invoices": [
            {"due": "2026-05-10", "amount": "100"},
            {"due": "2026-04-30", "amount": "50"},
            {"due": "2026-03-31", "amount": "30", "paid": "10"},
            {"due": "2026-01-01", "amount": "8"},
        ],
        "edges": [0, 30, 60],
        "loss_pct": ["1", "10", "20", "50"],
        "allowance_balance": "2",
    }
    wanted = {"buckets": [None] * 4, "allowance": None, "expense": None}
    found = ask(aging_dso, inputs, wanted)
    assert found == {"buckets": [150, 20, 0, 8], "allowance": F("7.5"), "expense": F("5.5")}


def test_count_back_and_effectiveness():
    inputs = {
        "receivables": "440",
        "monthly_sales": [
            {"sales": "310", "days": 31},
            {"sales": "280", "days": 28},
            {"sales": "300", "days": 31},
        ],
    }
    assert ask(aging_dso, inputs, {"dso_count_back": None})["dso_count_back"] == 45
    inputs = {"beginning_receivables": "100", "sales": "200", "ending_receivables": "120", "current": "60"}
    assert ask(aging_dso, inputs, {"cei": None}) == {"cei": 75}


def test_figures_find_their_names():
    figures = {"total|amount": F(1), "rows": [F(2), F(3)], "fee": F(4)}
    assert fitted({"amount": None, "some_rows": [None, None]}, figures) == {"amount": 1, "some_rows": [2, 3]}
    assert fitted({"total_after_minimum": None}, {"total": F(9)}) == {"total_after_minimum": 9}
    # The only figure there is may still be another one than the one that is wanted.
    with pytest.raises(NotOffered, match="price"):
        fitted({"price": None}, {"total": F(9)})
    assert rounded([F("1.005"), {"a": F("-1.005")}], "half_up, 2 dp") == [F("1.01"), {"a": F("-1.01")}]
    assert rounded(F(1, 3), "exact") == F(1, 3)


GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "oracles"


@pytest.mark.parametrize("topic", ["usage_rating", "saas_metrics", "aging_dso"])
def test_cases_in_other_words_and_figures(topic):
    results = [judge(case, TOPICS) for case in read_cases(GOLDEN / f"{topic}.json")]
    assert results
    assert [
        (r.case, r.reason, [f for f in r.figures if not f.agrees]) for r in results if r.state != PASSED
    ] == []


def test_an_altered_figure_fails_its_case():
    for topic in ("usage_rating", "saas_metrics", "aging_dso"):
        for case in read_cases(GOLDEN / f"{topic}.json"):
            key = next(iter(case.expected))
            wrong = (
                {**case.expected, key: [f"{v}1" for v in case.expected[key]]}
                if isinstance(case.expected[key], list)
                else {**case.expected, key: f"{case.expected[key]}1"}
            )
            assert judge(replace(case, expected=wrong), TOPICS).state == FAILED, case.id
