"""Totals, choice, paired intervals and regressions, on figures worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from reports.baseline import regressions, same_workload
from reports.cells import pace_cells
from reports.choice import choose
from reports.claims import claims
from reports.compare import sum_money, totals, unmet
from reports.paired import paired_differences, t_interval, t_quantile
from reports.record import Amount, LawResult, ModelResult, Record
from reports.units import format_money, format_number, format_span

Make = Callable[..., Record]


@pytest.mark.parametrize(
    ("minor", "currency", "said"),
    [
        (123456, "EUR", "EUR 1,234.56"),
        (-5, "USD", "USD -0.05"),
        (500, "JPY", "JPY 500"),
        (1_000_001, "KWD", "KWD 1,000.001"),
        (10**18 + 1, "EUR", "EUR 10,000,000,000,000,000.01"),
    ],
)
def test_money_keeps_its_exponent(minor: int, currency: str, said: str) -> None:
    assert format_money(minor, currency) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.0, "0 s"),
        (0.25, "250 ms"),
        (0.99999, "1 s"),
        (59.97, "1 min"),
        (90.0, "1.5 min"),
        (3599.0, "1 h"),
        (86_400.0, "24 h"),
        (200_000.0, "2.3 d"),
        (31_536_000.0, "365 d"),
    ],
)
def test_spans_read_well(seconds: float, said: str) -> None:
    assert format_span(seconds) == said


def test_numbers_read_well() -> None:
    said = [format_number(value) for value in (0.0, 12.0, 1234.0, 2.25, 123.46)]
    assert said == ["0", "12", "1,234", "2.25", "123.5"]


def test_interval_by_hand() -> None:
    found = t_interval((1.0, 2.0, 3.0))
    assert (found.n, found.mean) == (3, 2.0)
    assert found.low == pytest.approx(2 - 4.303 / 3**0.5)
    assert found.high == pytest.approx(2 + 4.303 / 3**0.5)
    assert not found.apart
    assert t_interval((4.0, 5.0, 6.0)).apart


def test_one_pair_gives_no_interval() -> None:
    found = t_interval((4.0,))
    assert (found.mean, found.low, found.high, found.apart) == (4.0, None, None, False)


def test_quantiles_take_the_wider_row() -> None:
    assert [t_quantile(df) for df in (1, 30, 35, 40, 100, 500)] == [12.706, 2.042, 2.042, 2.021, 2.0, 1.98]


def test_paired_differences_are_by_seed(make_record: Make) -> None:
    found = {
        (one.metric.key, one.model): one
        for one in paired_differences(make_record((5, 6, 7)), against="hybrid")
    }
    p50 = found["p50", "orchestrated"].interval
    assert p50 is not None
    assert p50.n == 3
    assert p50.mean == pytest.approx((4.8 - 2.6) * 1.02)
    broken = found["broken", "direct"].interval
    assert broken is not None
    assert (broken.mean, broken.low, broken.high) == (5.0, 5.0, 5.0)


def test_pace_leaves_broken_runs_out(make_record: Make) -> None:
    found = {(one.metric.key, one.model): one for one in paired_differences(make_record((5, 6)), "hybrid")}
    assert found["p50", "direct"].interval is None
    assert found["p50", "direct"].left_out == (5, 6)
    assert found["parked", "direct"].interval is not None


def test_totals_add_counts_and_hide_pace(make_record: Make) -> None:
    rows = {row.model: row for row in totals(make_record((7, 8)))}
    direct, hybrid = rows["direct"], rows["hybrid"]
    assert (direct.lost, direct.duplicated, direct.wrong_amount) == (30, 8, 20)
    assert direct.money_effects == (
        Amount(minor=950_400, currency="EUR"),
        Amount(minor=-180_000, currency="USD"),
    )
    assert direct.pace is None
    assert set(pace_cells(direct)) == {"✗ I-02 +4"}
    assert hybrid.pace is not None
    assert hybrid.pace.lags[0].p50_s == pytest.approx(2.6 * (1.04 + 1.06) / 2)
    assert hybrid.pace.converge_seconds == 2_280.0


def test_a_law_broken_on_one_seed_is_broken(make_record: Make) -> None:
    record = make_record((7, 8), ("hybrid",))
    record = replace(record, models=(record.models[0], _with_law(record.models[1], "I-02", "broken")))
    (row,) = totals(record)
    law = next(law for law in row.laws if law.id == "I-02")
    assert (law.state, law.broken_seeds) == ("broken", (8,))
    assert row.pace is None


def test_a_law_judged_elsewhere_only_is_undecided(sample: Record) -> None:
    hybrid = sample.models[-1]
    record = replace(sample, models=(*sample.models[:-1], replace(hybrid, laws=hybrid.laws[1:])))
    assert [law.id for law in totals(record)[-1].undecided] == ["I-01"]
    assert unmet(record) == ("hybrid: I-01 undecided",)


def test_the_choice_puts_books_first(sample: Record) -> None:
    choice = choose(sample)
    assert (choice.model, choice.headline) == ("hybrid", "Choose Hybrid.")
    assert any("Direct API breaks 5 laws" in line for line in choice.against)
    assert any("Batch and file breaks no law, but is not proved" in line for line in choice.against)


def test_another_candidate_is_named_for_what_it_does_better(make_record: Make) -> None:
    record = make_record(models=("batch", "hybrid"))
    batch = _with_law(record.models[0], "I-14", "holds")
    choice = choose(replace(record, models=(batch, record.models[1])))
    assert any(line.startswith("Batch and file, if API calls per lifecycle") for line in choice.instead)


def test_no_choice_when_no_books_tie_out(make_record: Make) -> None:
    choice = choose(make_record(models=("direct", "event_driven")))
    assert choice.model is None
    assert "Event-driven comes closest: it breaks 1 law." in choice.headline
    assert choose(make_record(models=())).model is None


def test_a_partial_record_gives_no_choice_and_does_not_pass(stopped: Record) -> None:
    assert "No choice yet" in choose(stopped).headline
    assert unmet(stopped) == ("hybrid: not run on seed 7",)


def test_claims_are_measured(sample: Record) -> None:
    found = {(one.model, one.kind): one.verdict for one in claims(sample)}
    assert found["direct", "strength"] == "no figure"
    assert found["direct", "limit"] == "supported"
    assert found["batch", "limit"] == "supported"
    assert found["batch", "strength"] == "undecided"
    assert found["hybrid", "strength"] == "supported"


def test_no_regression_against_itself(make_record: Make) -> None:
    record = make_record((7, 8))
    assert regressions(record, record) == ()
    assert same_workload(record, record)
    assert not same_workload(record, replace(record, months=3))


def test_regressions_name_law_measure_and_missing_run(sample: Record) -> None:
    models = list(sample.models)
    models[1] = _with_law(models[1], "I-06", "undecided")
    lag = models[4].lags[0]
    models[4] = replace(models[4], lags=(replace(lag, p95_s=lag.p95_s * 1.2), *models[4].lags[1:]), lost=1)
    now = replace(sample, models=tuple(models[1:]))
    found = [(one.model, one.what) for one in regressions(now, sample)]
    assert found == [
        ("direct", "run"),
        ("orchestrated", "I-06"),
        ("hybrid", "wrong_entries"),
        ("hybrid", "p95"),
    ]


def test_a_law_that_lost_its_facts_is_a_regression(sample: Record) -> None:
    hybrid = sample.models[-1]
    laws = (replace(hybrid.laws[0], examined=0), *hybrid.laws[1:])
    now = replace(sample, models=(*sample.models[:-1], replace(hybrid, laws=laws)))
    assert [one.what for one in regressions(now, sample)] == ["I-01"]


def test_currencies_are_never_added_up() -> None:
    amounts = [
        Amount(minor=5, currency="USD"),
        Amount(minor=3, currency="EUR"),
        Amount(minor=-2, currency="USD"),
    ]
    assert sum_money(amounts) == (Amount(minor=3, currency="EUR"), Amount(minor=3, currency="USD"))


def _with_law(run: ModelResult, law_id: str, state: str) -> ModelResult:
    def turned(law: LawResult) -> LawResult:
        return replace(law, state=state, examined=9) if law.id == law_id else law  # type: ignore[arg-type]

    return replace(run, laws=tuple(turned(law) for law in run.laws))
