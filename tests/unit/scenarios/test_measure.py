"""Figures of the little world, by hand."""

from dataclasses import replace

import pytest

from reports.record import Amount, FaultFired
from scenarios.evidence.run import Convergence
from scenarios.evidence.verdicts import BROKEN, Verdict, Witness
from scenarios.measure import (
    converge_seconds,
    faults_fired,
    lag_results,
    money_effects,
    nearest_rank,
    system_calls,
    wrong_entries,
)
from tests.checkers.world import at, without, world

DAY_S = 86_400.0


@pytest.mark.parametrize(
    ("percent", "value"), [(50, 5.0), (95, 10.0), (99, 10.0), (100, 10.0), (10, 1.0), (11, 2.0), (0, 1.0)]
)
def test_nearest_rank(percent, value):
    assert nearest_rank([float(n) for n in range(1, 11)], percent) == value


def test_nearest_rank_of_one():
    assert nearest_rank([7.0], 99) == 7.0


def test_lags_by_flow_headline_first():
    found = {lag.flow: lag for lag in lag_results(world())}
    assert next(iter(found)) == "event_to_erp"
    assert found["invoice_to_ledger"].count == 3
    assert found["invoice_to_ledger"].p50_s == DAY_S
    assert found["payment_to_cash"].max_s == 1.5 * DAY_S
    assert found["refund_to_ledger"].max_s == 3 * DAY_S
    assert found["payout_to_ledger"].max_s == DAY_S
    assert found["event_to_erp"].count == 6
    assert found["order_to_subscription"].count == 2


def test_what_never_arrived_has_no_lag():
    lost = without(world(), "erp", "invoices", 0)
    assert {lag.flow: lag.count for lag in lag_results(lost)}["invoice_to_ledger"] == 2
    assert all(lag.flow != "payout_to_ledger" for lag in lag_results(without(lost, "erp", "journals", 0)))


def test_calls_by_system_until_rest():
    rows = {row.system: row for row in system_calls(world(), 2)}
    assert (rows["netsuite"].calls, rows["netsuite"].ok, rows["netsuite"].info) == (2, 1, 1)
    assert rows["zuora"].per_lifecycle == 2.5
    early = replace(world(), convergence=Convergence(True, 0, at("2026-01-02") + 2, 1, (), ()))
    assert sum(row.calls for row in system_calls(early, 2)) == 4


def test_time_to_converge():
    assert converge_seconds(world()) == DAY_S
    assert converge_seconds(replace(world(), convergence=Convergence(False, 0, 9, 9, (), ("x",)))) is None


def test_breaches_count_once_and_totals_only_alone():
    lost = Witness("lost", ("INV-1",), "ERP invoice INV-1 is missing", 12000, "EUR")
    plan = Witness("wrong_amount", ("INV-1",), "revenue planned for INV-1", -10000, "EUR")
    total = Witness("wrong_amount", ("ACC-0001",), "receivables", 12000, "EUR")
    document = Verdict("I-02", BROKEN, 3, (lost,))
    again = Verdict("I-46", BROKEN, 3, (lost, plan))
    of_totals = Verdict("I-12", BROKEN, 3, (total,))
    assert wrong_entries([document, again, of_totals]) == {"lost": 1, "wrong_amount": 1}
    assert money_effects([document, again, of_totals]) == (Amount(minor=12000, currency="EUR"),)
    assert wrong_entries([of_totals]) == {"wrong_amount": 1}


def test_opposite_errors_do_not_cancel():
    more = Witness("wrong_amount", ("a",), "too much", 500, "USD")
    less = Witness("wrong_amount", ("b",), "too little", -500, "USD")
    assert money_effects([Verdict("I-02", BROKEN, 2, (more, less))]) == (Amount(minor=1000, currency="USD"),)


def test_faults_by_id():
    assert faults_fired(["F02", "F01", "F02"]) == (
        FaultFired(fault="F01", count=1),
        FaultFired(fault="F02", count=2),
    )
