"""No float touches money: asked of the syntax trees of everything that counts, books or judges."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COUNTS_MONEY = (
    *sorted(ROOT.glob("core/**/*.py")),
    *sorted(ROOT.glob("simulators/*/rules/**/*.py")),
    *sorted(ROOT.glob("scenarios/checkers/*.py")),
    *sorted(ROOT.glob("scenarios/oracle/**/*.py")),
)
# Modules with floats that are no money, and what they are.
NO_MONEY = {
    "core/ports/world.py": "chance in [0, 1), time-outs in seconds",
    "core/announcing/sender.py": "seconds to wait",
    "core/bus/nats.py": "seconds",
    "core/deployment.py": "seconds",
    "core/connectivity/choreography.py": "seconds",
    "core/reliability/horizons.py": "seconds, hours",
    "core/store/alone_postgres.py": "seconds",
    "core/reliability/locks.py": "seconds, chance",
    "core/reliability/ratelimit.py": "seconds, shares of a rate",
    "core/store/postgres.py": "seconds",
    "core/settings.py": "hours of the day, seconds",
    "core/realtime.py": "seconds, chance",
    "core/api/observing.py": "burn rates",
    "core/observing/metrics.py": "seconds, burn rates",
    "core/canonical/errors.py": "seconds to wait",
    "core/connectivity/direct.py": "hours of the day",
    "core/connectivity/engine.py": "seconds between looks",
    "core/connectivity/event_driven.py": "hours of the day",
    "core/connectivity/hybrid.py": "hours of the day",
    "core/connectivity/orchestrated.py": "hours of the day",
    "core/connectivity/periodic.py": "hours of the day",
    "core/connectors/zuora/documents.py": "seconds between looks",
    "core/reliability/worker.py": "seconds to wait",
    "core/reliability/retry.py": "pauses in seconds",
    "core/reliability/timetable.py": "hours of the day",
    "core/connectors/session.py": "seconds; the decoder that keeps JSON numbers out of floats",
    "core/finance/exact.py": "names float to refuse it",
    "simulators/salesforce/rules/bulk.py": "seconds that a job takes",
    "simulators/zuora/rules/callouts_sent.py": "seconds between attempts",
    "simulators/zuora/rules/cashier.py": "seconds between looks",
    "simulators/zuora/rules/payruns.py": "seconds that a run takes",
    "simulators/zuora/rules/runs.py": "seconds that a run takes",
    "simulators/netsuite/rules/query/functions.py": "numbers of SuiteQL, answers to questions",
    "simulators/netsuite/rules/query/library.py": "numbers of SuiteQL, answers to questions",
    "simulators/netsuite/rules/query/suiteql.py": "numbers of SuiteQL, answers to questions",
}
# What makes an exact number of its argument, and so would hide a float that came out of a division.
_EXACT = {"Fraction", "Decimal", "int", "round", "whole", "floor", "ceil"}


def floats(source: str) -> Iterator[tuple[int, str]]:
    """(line, what) of every place where a float is written, named or hidden."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield node.lineno, f"the literal {node.value}"
        elif isinstance(node, ast.Name) and node.id == "float":
            yield node.lineno, "float"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _EXACT:
            if any(isinstance(arg, ast.BinOp) and _of_whole_numbers(arg) for arg in node.args):
                yield node.lineno, f"a quotient of whole numbers given to {node.func.id}"
        elif isinstance(node, ast.ImportFrom | ast.Import) and _math(node):
            yield node.lineno, "math, which counts in floats"


def _of_whole_numbers(sum_: ast.BinOp) -> bool:
    """Whether a quotient in it is of two whole numbers: written ones, or names that stand for counts."""
    return any(
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Div)
        and all(_whole_number(side) for side in (node.left, node.right))
        for node in ast.walk(sum_)
    )


def _whole_number(side: ast.expr) -> bool:
    if isinstance(side, ast.Constant):
        return isinstance(side.value, int)
    name_ = side.attr if isinstance(side, ast.Attribute) else side.id if isinstance(side, ast.Name) else ""
    return name_ in {"days", "months", "minor", "cents", "count", "units", "seconds", "quantity"}


def _math(node: ast.ImportFrom | ast.Import) -> bool:
    if isinstance(node, ast.ImportFrom):
        exact = {"gcd", "lcm", "isqrt", "prod", "comb"}
        return node.module == "math" and not {alias.name for alias in node.names} <= exact
    return any(alias.name == "math" for alias in node.names)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_float_touches_money():
    found = [
        f"{name(path)}:{line}: {what}"
        for path in COUNTS_MONEY
        if name(path) not in NO_MONEY
        for line, what in floats(path.read_text())
    ]
    assert not found, "\n".join(found)


def test_the_exceptions_still_have_floats():
    for module in NO_MONEY:
        assert any(floats((ROOT / module).read_text())), f"{module} has no float any more"


@pytest.mark.parametrize(
    "source",
    [
        "fee = 0.029",
        "x = float(y)",
        "Fraction(minor / 3)",
        "round(days / 30)",
        "from math import floor",
        "import math",
    ],
)
def test_a_float_is_noticed(source):
    assert list(floats(source))


@pytest.mark.parametrize(
    "source", ["Fraction(minor, 3)", "from math import gcd", "x = minor // 3", "x = Fraction(1) / 3"]
)
def test_exact_numbers_are_left_alone(source):
    assert not list(floats(source))
