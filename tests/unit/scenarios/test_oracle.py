"""The judge of worked examples, and files that are none."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction

import pytest

from core.canonical.errors import Held
from core.canonical.money import Money
from scenarios.cli import main
from scenarios.commands.wishes import WrongUse
from scenarios.oracle.case import Case, NotOffered, read_cases
from scenarios.oracle.index import TOPICS
from scenarios.oracle.judge import FAILED, NOT_APPLICABLE, PASSED, judge, normal
from scenarios.oracle.topics.understanding import complete, unanswered


def case(expected, topic="adding", **inputs):
    return Case("ADD-01", topic, "", "", "", inputs, None, expected)


def put(expected, adapter):
    return judge(case(expected), {"adding": adapter})


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("15.50", "15.5"), (15, "15"), ("0.00", "0"), (Decimal("1E+2"), "100"), (Fraction(31, 2), "15.5"),
        (Money(1550, "USD"), "15.5"), (Money(15, "JPY"), "15"), (True, "true"), ("2024-02-29", "2024-02-29"),
        (Fraction(1, 3), "1/3"), ("-0.0", "0"), ("WARNING", "WARNING"),
    ],
)  # fmt: skip
def test_one_spelling_for_one_figure(value, said):
    assert normal(value) == said


def test_every_leaf_counts():
    assert put({"a": "1.0", "b": ["2", "3"]}, lambda _: {"a": 1, "b": [2, 3], "more": 9}).state == PASSED
    wrong = put({"a": "1", "b": ["2", "3"]}, lambda _: {"a": 1, "b": [2, 4]})
    assert wrong.state == FAILED
    assert [f.path for f in wrong.figures if not f.agrees] == ["b[1]"]
    assert put({"a": "1"}, lambda _: {}).state == FAILED
    assert put({"b": ["2"]}, lambda _: {"b": ["2", "3"]}).state == FAILED
    assert put({}, lambda _: {}).state == FAILED, "a case without a figure proves nothing"


def test_the_order_of_journal_lines_does_not_count_but_each_line_does():
    lines = [
        {"account": "bank", "debit": "5.00", "credit": "0"},
        {"account": "fees", "debit": "0", "credit": 5},
    ]
    assert put({"paid": lines}, lambda _: {"paid": lines[::-1]}).state == PASSED
    assert put({"paid": lines}, lambda _: {"paid": lines[:1]}).state == FAILED
    assert put({"paid": lines}, lambda _: {"paid": [*lines, lines[0]]}).state == FAILED


def test_the_adapter_sees_no_expected_figure():
    seen = []
    put({"a": "1"}, lambda blind: seen.append(blind) or {"a": 1})
    assert seen[0].expected is None


def test_who_offers_nothing_neither_passes_nor_fails():
    def no(_):
        raise NotOffered("tiers by the phase of the moon")

    found = put({"a": "1"}, no)
    assert (found.state, found.reason) == (NOT_APPLICABLE, "tiers by the phase of the moon")
    assert judge(case({"a": "1"}, topic="alchemy"), TOPICS).state == NOT_APPLICABLE


def test_an_adapter_that_breaks_has_failed():
    def held(_):
        raise Held("rate: none for XTS; add one")

    assert put({"a": "1"}, held).reason == "held: rate: none for XTS; add one"
    assert put({"a": "1"}, lambda _: 1 // 0).state == FAILED


@pytest.mark.parametrize(
    ("wanted", "found", "missing"),
    [
        ({"a": None, "b": {"c": None}}, {"a": 1, "b": {}}, ["b.c"]),
        ({"a": [None, None]}, {"a": [1]}, ["a (2 are wanted, 1 found)"]),
        ({"a": [None]}, {"a": 3}, ["a"]),
        ({"a": None}, {"a": {"b": 3}}, ["a"]),
        ({"a": [{"b": None}]}, {"a": [{"c": 1}]}, ["a[0].b"]),
        ({"a": [{"account": "cash", "debit": None}]}, {"a": [3]}, ["a"]),
        ({"a": [{"account": "cash", "debit": None}]}, {"a": [{"account": "bank"}, {"account": "x"}]}, []),
        ({"a": None, "b": [None]}, {"a": 0, "b": [None], "c": 1}, []),
    ],
)
def test_a_part_that_is_not_answered_is_named(wanted, found, missing):
    assert list(unanswered(wanted, found)) == missing
    answer = complete(lambda _: found)
    asked = Case("ADD-01", "adding", "", "", "", {}, wanted, wanted)
    if missing:
        result = judge(asked, {"adding": answer})
        assert result.state == NOT_APPLICABLE
        assert missing[0] in result.reason
    else:
        assert answer(asked) == found


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("no", "not JSON"),
        ("[]", "schema"),
        ('{"schema": "x"}', "must be 'finance-oracle/1'"),
        ('{"schema": "finance-oracle/1"}', "cases"),
        ('{"schema": "finance-oracle/1", "cases": [3]}', r"cases\[0\]"),
        ('{"schema": "finance-oracle/1", "cases": [{"id": "A", "inputs": {}}]}', "expected is missing"),
        ('{"schema": "finance-oracle/1", "cases": [{"id": "A", "inputs": [], "expected": 1}]}', "inputs"),
    ],
)
def test_files_that_are_none(tmp_path, text, says):
    path = tmp_path / "x.json"
    path.write_text(text)
    with pytest.raises(WrongUse, match=says):
        read_cases(path)


def test_exit_codes(tmp_path, capsys):
    path = tmp_path / "x.json"
    row = {"id": "A-1", "topic": "alchemy", "inputs": {}, "expected": {"gold": "1"}}
    path.write_text(json.dumps({"schema": "finance-oracle/1", "topic": "alchemy", "cases": [row]}))
    assert main(["oracle", str(path)]) == 2
    assert "not applicable" in capsys.readouterr().out
    assert main(["oracle", str(tmp_path / "none.json")]) == 3
