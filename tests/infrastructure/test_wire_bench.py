"""The benchmark over real HTTP runs, and its figures are there; how good they are is not judged here."""

from __future__ import annotations

import sys

import pytest

from simulators.bench import measure, table

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="CPU time is read from /proc")


def test_a_small_run() -> None:
    found = measure(rounds=1, calls=100, objects=200)
    assert set(found["calls"]) == {"create", "get", "list"}
    assert all(row["ratio"]["median"] > 0 for row in found["calls"].values())
    assert set(found["scale"]) == {"list", "search", "get"}
    assert set(found["start_seconds"]) == {"stripe", "zuora", "salesforce", "netsuite", "avatax"}
    text = table(found)
    for word in ("create", "search", "MiB", "zuora"):
        assert word in text
