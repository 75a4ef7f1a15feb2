"""Requests per CPU second of the server, beside a control in the same run: python -m simulators.bench.

Only the server's own CPU time counts, so that other work on the machine and the load itself do not.
"""

from __future__ import annotations

import argparse
import json
import sys
from statistics import median
from typing import Any

from simulators.bench_measures import Bench, Spread, spread

_KINDS = ("create", "get", "list")
_WANTED, _SCALE_WANTED, _START_WANTED = 1.5, 0.9, 2.0


def main(arguments: list[str] | None = None) -> int:
    """Measure, print; 0 if everything wanted was reached, 1 if not."""
    parser = argparse.ArgumentParser(prog="python -m simulators.bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="figures as JSON instead of a table")
    parser.add_argument("--rounds", type=int, default=5, choices=range(1, 51), metavar="1..50")
    parser.add_argument("--calls", type=int, default=4000, choices=range(100, 100_001), metavar="100..100000")
    parser.add_argument("--objects", type=int, default=100_000, choices=range(1000, 1_000_001), metavar="N")
    chosen = parser.parse_args(arguments)
    found = measure(chosen.rounds, chosen.calls, chosen.objects)
    print(json.dumps(found, indent=2) if chosen.json else table(found))  # noqa: T201
    return 0 if found["reached"] else 1


def measure(rounds: int, calls: int, objects: int) -> dict[str, Any]:
    """All figures, as JSON would show them."""
    with Bench(calls) as bench:
        calls_found = {kind: _against_control(bench, kind, rounds) for kind in _KINDS}
        scale, memory = _at_scale(bench, rounds, objects)
        starts = [bench.start_seconds() for _ in range(3)]
    start = {name: median(each[name] for each in starts) for name in starts[0]}
    reached = (
        all(found["ratio"]["median"] >= _WANTED for found in calls_found.values())
        and all(ratio["median"] >= _SCALE_WANTED for ratio in scale.values())
        and max(start.values()) < _START_WANTED
    )
    return {
        "calls": calls_found,
        "objects": objects,
        "scale": scale,
        "memory_mib": memory,
        "start_seconds": start,
        "reached": reached,
    }


def _against_control(bench: Bench, kind: str, rounds: int) -> dict[str, Any]:
    mock, control = bench.server("mock"), bench.server("control")
    bench.press(mock, kind)
    bench.press(control, kind)
    pairs = []
    for n in range(rounds):
        # Who goes first changes from round to round.
        order = (mock, control) if n % 2 else (control, mock)
        figures = {server.kind: bench.press(server, kind) for server in order}
        pairs.append((figures["mock"], figures["control"]))
    return {
        "mock_per_cpu_second": median(m.per_cpu_second for m, _ in pairs),
        "control_per_cpu_second": median(c.per_cpu_second for _, c in pairs),
        "ratio": spread([m.per_cpu_second / c.per_cpu_second for m, c in pairs])._asdict(),
        "mock_p99_ms": median(m.p99_ms for m, _ in pairs),
        "control_p99_ms": median(c.p99_ms for _, c in pairs),
    }


def _at_scale(bench: Bench, rounds: int, objects: int) -> tuple[dict[str, Any], float]:
    """Throughput with many objects over that with a hundred, and the memory of the many."""
    few, many = bench.fresh("mock"), bench.fresh("mock")
    bench.fill(few, 100)
    bench.fill(many, objects)
    memory = many.memory_mib()
    ratios = {}
    for kind in ("list", "search", "get"):
        bench.press(few, kind)
        bench.press(many, kind)
        found = []
        for n in range(rounds):
            order = (few, many) if n % 2 else (many, few)
            rates = {id(server): bench.press(server, kind).per_cpu_second for server in order}
            found.append(rates[id(many)] / rates[id(few)])
        ratios[kind] = spread(found)._asdict()
    return ratios, memory


def table(found: dict[str, Any]) -> str:
    """The figures for a reader."""
    lines = ["requests per CPU second of the server    mock  control  ratio (min to max)   p99 ms  control"]
    for kind, row in found["calls"].items():
        ratio = Spread(**row["ratio"])
        lines.append(
            f"  {kind:<34} {row['mock_per_cpu_second']:>9,.0f} {row['control_per_cpu_second']:>8,.0f}"
            f"  {ratio.median:.2f} ({ratio.least:.2f} to {ratio.most:.2f})"
            f"  {row['mock_p99_ms']:>7.2f} {row['control_p99_ms']:>8.2f}"
        )
    lines.append(f"  wanted: at least {_WANTED} each")
    lines.append(f"throughput at {found['objects']:,} customers over that at 100 (wanted: {_SCALE_WANTED})")
    for kind, each in found["scale"].items():
        ratio = Spread(**each)
        lines.append(f"  {kind:<8} {ratio.median:.2f} ({ratio.least:.2f} to {ratio.most:.2f})")
    lines.append(f"memory with {found['objects']:,} customers: {found['memory_mib']:,.0f} MiB")
    starts = ", ".join(f"{name} {seconds:.2f}" for name, seconds in found["start_seconds"].items())
    lines.append(f"seconds from process start to first answer (wanted: < {_START_WANTED:g}): {starts}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
