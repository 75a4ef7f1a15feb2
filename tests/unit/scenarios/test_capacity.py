"""Demand and capacity: worked out by hand, and the command's codes."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios import cli
from scenarios.capacity.demand import (
    AT_ONCE,
    HOUR,
    MINUTE,
    SECOND,
    Call,
    Load,
    Standing,
    at_once,
    breaks_at,
    busiest,
    first_to_break,
    loads,
    mean_an_hour,
    standing,
)
from scenarios.capacity.facts import CLOCK, OTHER, demands, fact_of
from scenarios.capacity.telling import decimal, verdicts
from scenarios.evidence.crm import CrmAccount, CrmBooks
from scenarios.evidence.limits import Limits, Quota
from scenarios.evidence.run import Convergence, Evidence, Operation


def call(second, *, grows=True, lasts=0):
    return Call(second * SECOND, second * SECOND, second * SECOND + lasts, grows)


# Three calls that grow within a minute, then a look and one that grows.
DAY = (call(10), call(20), call(69), call(200, grows=False), call(201))


def test_windows_slide_and_only_what_grows_is_scaled():
    assert busiest(loads(DAY, MINUTE), Fraction(1)) == 3
    assert busiest(loads(DAY, MINUTE), Fraction(5)) == 15
    assert busiest(loads(DAY, SECOND), Fraction(5)) == 5  # 200 and 201 are a second apart: not within one
    assert busiest(loads(DAY, 2 * SECOND), Fraction(5)) == 6
    assert busiest([], Fraction(5)) == 0


def test_which_window_is_the_busiest_changes_with_the_size():
    found = [Load(10, 1), Load(0, 5)]
    assert busiest(found, Fraction(1)) == 11
    assert busiest(found, Fraction(4)) == 20
    assert breaks_at(found, 20) == 4
    assert breaks_at(found, 12) == 2  # both of them: 10 + 2, and 12 / 5 is later


def test_what_does_not_grow_breaks_at_no_size_or_at_any():
    assert breaks_at([Load(7, 0)], 7) is None
    assert breaks_at([Load(8, 0), Load(0, 1)], 7) == 0


def test_limits_at_the_size_asked_for():
    assert standing(DAY, MINUTE, 12, Fraction(2)) == Standing(MINUTE, 12, Fraction(6), Fraction(2))
    found = standing(DAY, MINUTE, 4, Fraction(2))
    assert (found.use, found.room, found.growth) == (Fraction(3, 2), -2, Fraction(2, 3))


def test_concurrency_is_the_work_of_an_hour():
    busy = [call(1, lasts=HOUR // 4), call(2, lasts=HOUR // 4), call(3, grows=False, lasts=HOUR // 2)]
    assert at_once(busy) == 3
    assert standing(busy, AT_ONCE, 2, Fraction(2)) == Standing(AT_ONCE, 2, Fraction(3, 2), Fraction(3, 2))
    assert at_once([call(1, lasts=SECOND), call(2, lasts=SECOND)]) == 1  # one ends as the other begins
    assert at_once([Call(0, 5, 0, True)]) == 0  # its end was never seen


def test_the_first_to_break():
    never, late, soon = (Standing(1, 1, Fraction(0), g) for g in (None, Fraction(9), Fraction(3)))
    assert first_to_break([never, late, soon]) is soon
    assert first_to_break([never]) is None


def test_mean():
    assert mean_an_hour(DAY, 2 * HOUR, Fraction(3)) == Fraction(13, 2)


moments = st.integers(1, 300)


@given(st.lists(st.tuples(moments, st.booleans()), max_size=30), st.integers(1, 40), st.sampled_from((7, 60)))
@settings(max_examples=60)
def test_the_limit_holds_up_to_its_size_and_not_beyond(rows, most, seconds):
    calls = [call(second, grows=grows) for second, grows in rows]
    found = loads(calls, seconds * SECOND)
    bound = breaks_at(found, most)
    if bound is None:
        assert busiest(found, Fraction(10**6)) <= most
        return
    assert bound == 0 or busiest(found, bound) == most
    assert busiest(found, bound + Fraction(1, 1000)) > most


def operation(number, system, name, key, at):
    return Operation(str(number), at, at + SECOND, system, name, key, 1, True, 200, "ok", "", at)


def small():
    accounts = tuple(CrmAccount(f"001{n}", f"ACC-{n}", "", "EUR", False, 1) for n in (1, 2))
    asked = (
        operation(1, "stripe", "open_customer", "account:ACC-1/open_pay", 10 * SECOND),
        operation(2, "stripe", "open_customer", "account:ACC-2/open_pay", 11 * SECOND),
        operation(3, "stripe", "list_payouts", "since", 12 * SECOND),
        operation(4, "netsuite", "upsert_customer", "account:ACC-1/open_led", 13 * SECOND),
        operation(5, "stripe", "open_customer", "account:ACC-1/open_pay", 5 * HOUR),  # after the rest
    )
    return Evidence(
        "",
        "hybrid",
        1,
        0,
        "",
        crm=CrmBooks(accounts=accounts),
        operations=asked,
        convergence=Convergence(True, 0, 2 * HOUR, 0, (), ()),
        limits=Limits((Quota("stripe", 9, MINUTE),)),
    )


def test_a_run_by_hand():
    found = {each.system: each for each in demands(small(), Fraction(3))}
    stripe, netsuite = found["stripe"], found["netsuite"]
    assert stripe.calls == 3
    assert stripe.mean_an_hour == Fraction(7, 2)
    assert stripe.by_clock == Fraction(1, 2)
    assert stripe.by_fact == {"customer": 1}
    assert stripe.busiest == {"second": 3, "minute": 7, "hour": 7, "day": 7}
    assert stripe.limits == (Standing(MINUTE, 9, Fraction(7), Fraction(4, 3)),)
    assert netsuite.by_fact == {"customer": Fraction(1, 2)}
    assert netsuite.limits == ()
    assert found["zuora"].calls == 0
    assert verdicts({"hybrid": tuple(found.values())}) == [
        "hybrid: up to 1.33 times this size; the first to break is stripe 9 in a minute"
    ]


def test_what_a_call_is_for():
    names = {"ACC-1": "customer", "INV7": "invoice"}
    assert fact_of(operation(1, "zuora", "get_invoice", "dunning:ACC-1#INV7/2", 1), names) == "invoice"
    assert fact_of(operation(1, "zuora", "list_invoices", "since", 1), names) == CLOCK
    assert fact_of(operation(1, "netsuite", "sign_in", "", 1), names) == CLOCK
    assert fact_of(operation(1, "salesforce", "get_quote", "0Q0", 1), names) == OTHER


def test_decimals():
    assert [decimal(Fraction(1, 8), 2), decimal(Fraction(12345), 0)] == ["0.13", "12,345"]
    assert decimal(Fraction(1, 8), 2, down=True) == "0.12"  # a growth that is promised is borne


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--model", "hybird"), "did you mean hybrid"),
        (("--profile", "mid_markt"), "did you mean mid_market"),
        (("--customers", "0"), "customers: 0"),
        (("--growth", "fast"), "growth: 'fast'"),
        (("--growth", "-1"), "growth: '-1'"),
        (("--played", "0"), "customers: 0"),
        (("--out", "no/such/file.json"), "out: no/such"),
    ],
)
def test_wrong_use(capsys, tmp_path, monkeypatch, args, said):
    monkeypatch.chdir(tmp_path)
    assert cli.main(("capacity", *args)) == 3
    assert said in capsys.readouterr().err


def test_the_command(capsys, tmp_path):
    small_run = ("capacity", "--model", "batch", "--played", "2", "--months", "1", "--customers", "20")
    out = tmp_path / "capacity.json"
    assert cli.main((*small_run, "--out", str(out))) == 0
    assert "no limit in the mock" in capsys.readouterr().out
    told = {each["vendor"]: each for each in json.loads(out.read_text())["models"]["batch"]}
    (quota,) = told["salesforce"]["limits"]
    assert Fraction(told["salesforce"]["busiest"]["day"]) == Fraction(quota["demand"])
    # More growth than the quota bears: used up, and the exit code says so.
    growth = Fraction(quota["breaks_at_growth"]) * 2
    assert cli.main((*small_run, "--growth", str(growth), "--out", str(out), "--markdown")) == 1
    assert "| model | vendor | limit |" in capsys.readouterr().out
    again = {each["vendor"]: each for each in json.loads(out.read_text())["models"]["batch"]}
    assert again["salesforce"]["limits"][0]["breaks_at_growth"] == "1/2"
    assert Fraction(again["salesforce"]["limits"][0]["use"]) > 1
