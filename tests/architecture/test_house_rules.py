"""Rules of the house that a reader would otherwise have to check by eye."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOPS = ("core", "simulators", "scenarios", "reports")
MODULES = sorted(path for top in TOPS for path in (ROOT / top).rglob("*.py"))
MOST_LINES, MOST_LINES_OF_A_FUNCTION = 300, 60

# Longer than a module should be, and why.
LONG_MODULES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {}

# Where wall clock and entropy come in, and why.
MAY_LOOK_OUTSIDE = {
    "core/realtime.py": "the wall clock and the sockets of real time",
    "core/process.py": "a seed of its own for each process",
    "simulators/bench_load.py": "measures",
    "simulators/bench_measures.py": "measures",
    "simulators/bench_served.py": "the wall clock of a served mock",
    "simulators/serve.py": "mocks under real time: fresh secrets, the wall clock",
    "scenarios/world/fences.py": "names what it fences",
    "scenarios/cli.py": "a person's terminal",
    "scenarios/compare.py": "when a comparison was made",
    "scenarios/bench_dbos.py": "measures",
    "scenarios/bench_backlog.py": "measures",
    "scenarios/bench_durable.py": "measures",
    "scenarios/servers.py": "servers of our own: how long to wait until they answer",
    "scenarios/serving.py": "everything under real time",
    "scenarios/deploying.py": "a token for the operators of each deployment",
    "scenarios/collecting.py": "evidence of a run under real time: how long to wait for rest",
    "scenarios/soak.py": "deployments under real time: today, and how long a round took",
    "scenarios/blows.py": "servers are started beside the loop, which the mocks are on",
    "scenarios/sandboxes.py": "mocks under real time: how long to wait for rest",
}
BANNED_CALLS = {
    *("datetime.now", "datetime.utcnow", "datetime.today", "date.today"),
    *("time.time", "time.time_ns", "time.monotonic", "time.monotonic_ns", "time.perf_counter", "time.sleep"),
    *("uuid.uuid1", "uuid.uuid4", "os.urandom", "os.getrandom", "asyncio.to_thread"),
    # Puts bare coroutines into a set, by their address in memory: another order in every process.
    "asyncio.as_completed",
}
BANNED_MODULES = {"random", "secrets"}
BANNED_NAMES = {"uuid1", "uuid4", "urandom", "perf_counter", "monotonic"}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def test_the_house_was_found():
    assert len(MODULES) > 200


def test_every_folder_of_modules_is_a_package():
    for path in MODULES:
        assert (path.parent / "__init__.py").exists(), name(path.parent)


def test_an_init_holds_one_sentence():
    for path in MODULES:
        if path.name == "__init__.py":
            assert len(tree(path).body) == 1, name(path)
            assert (ast.get_docstring(tree(path)) or "").endswith("."), name(path)


def test_one_sentence_opens_every_module():
    for path in MODULES:
        assert ast.get_docstring(tree(path)), name(path)


def test_no_module_is_too_long():
    long = {name(p) for p in MODULES if p.read_text().count("\n") > MOST_LINES}
    assert long == set(LONG_MODULES)


def test_no_function_is_too_long():
    long = {
        f"{name(path)}:{node.name}"
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and node.end_lineno - node.lineno + 1 > MOST_LINES_OF_A_FUNCTION
    }
    assert long == set(LONG_FUNCTIONS)


def looks_outside(module: ast.Module) -> list[str]:
    """Wall clock and entropy, by the names under which they are commonly called."""
    found = []
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name in BANNED_MODULES]
        elif isinstance(node, ast.ImportFrom):
            found += [str(node.module)] if node.module in BANNED_MODULES else []
            found += [a.name for a in node.names if a.name in BANNED_NAMES]
            found += [a.name for a in node.names if f"{node.module}.{a.name}" in BANNED_CALLS]
        elif isinstance(node, ast.Attribute):
            called = ast.unparse(node)
            if called in BANNED_CALLS or called.removeprefix("datetime.") in BANNED_CALLS:
                found.append(called)
    return found


def test_time_and_chance_come_in_by_the_door():
    for path in MODULES:
        if name(path) not in MAY_LOOK_OUTSIDE:
            assert looks_outside(tree(path)) == [], name(path)


@pytest.mark.parametrize(
    "source",
    [
        "import random",
        "from random import choice",
        "from secrets import token_hex",
        "from uuid import uuid4",
        "import time\ntime.time()",
        "from datetime import datetime\ndatetime.now(UTC)",
        "import datetime\ndatetime.datetime.now()",
        "from datetime import date\ndate.today()",
        "import asyncio\nasyncio.as_completed([])",
    ],
)
def test_the_look_outside_is_noticed(source):
    assert looks_outside(ast.parse(source))


def test_the_exceptions_still_exist():
    for path in (*LONG_MODULES, *MAY_LOOK_OUTSIDE):
        assert (ROOT / path).exists(), f"{path} is gone: strike it from the list"


@pytest.mark.parametrize("dialect", ["sqlite", "postgres"])
def test_migrations_are_numbered_without_a_gap(dialect: str) -> None:
    """What is pending is told by the highest number that was applied: a number put in later below it would
    never be."""
    names = sorted(path.name for path in (ROOT / "core/store/migrations" / dialect).glob("*.sql"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
