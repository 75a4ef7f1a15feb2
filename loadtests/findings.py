"""What a load run found: figures per kind of request, and the verdicts on the books afterwards."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from scenarios.collecting import Judged, title
from scenarios.evidence.run import Convergence
from scenarios.evidence.verdicts import BROKEN, HOLDS, UNDECIDED

# So many requests may fail before the run itself counts as failed.
_FAILED_SHARE = 0.01
_WORDS = ((HOLDS, "hold"), (BROKEN, "broken"), (UNDECIDED, "undecided"))
# Without these the run has shown nothing about money.
_NEEDED = frozenset({"I-01", "I-02", "I-11", "I-12"})


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of request; times in milliseconds."""

    name: str
    requests: int
    failures: int
    per_second: float
    p50_ms: int
    p95_ms: int
    p99_ms: int
    max_ms: int


@dataclass(frozen=True, slots=True)
class Pressed:
    """A finished load run. refusals: failed requests in words; counters: the core's own;
    rest_seconds: from the last user to rest.
    """

    model: str
    users: int
    seconds: int
    rows: tuple[Row, ...]
    refusals: tuple[str, ...]
    facts: dict[str, int]
    counters: dict[str, int]
    rest_seconds: float
    rest: Convergence
    judged: Judged


def read_rows(figures: list[dict[str, Any]]) -> tuple[Row, ...]:
    """Locust's statistics as rows, by name, and the total last; ValueError if there is nothing."""
    if not figures:
        raise ValueError("Locust made no request at all")
    span = max(max(f["last_request_timestamp"] for f in figures) - min(f["start_time"] for f in figures), 1.0)
    # One name may stand for several methods.
    times: dict[str, Counter[int]] = {}
    failures: Counter[str] = Counter()
    for figure in figures:
        name = str(figure["name"])
        for ms, count in figure["response_times"].items():
            times.setdefault(name, Counter())[int(float(ms))] += count
        failures[name] += figure["num_failures"]
    rows = [_row(name, times[name], failures[name], span) for name in sorted(times)]
    rows.append(_row("all", sum(times.values(), Counter()), failures.total(), span))
    return tuple(rows)


def read_refusals(path: Path) -> tuple[str, ...]:
    """The failures that Locust wrote down, the most frequent first."""
    if not path.exists():
        return ()
    with path.open(newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: -int(row["Occurrences"]))
    return tuple(f"{row['Occurrences']} x {row['Name']}: {row['Error']}"[:300] for row in rows[:20])


def _row(name: str, times: Counter[int], failures: int, span: float) -> Row:
    count = times.total()
    p50, p95, p99 = (_percentile(times, count, share) for share in (50, 95, 99))
    return Row(name, count, failures, round(count / span, 1), p50, p95, p99, max(times, default=0))


def _percentile(times: Counter[int], count: int, share: int) -> int:
    """The least time that `share` percent of the requests did not exceed."""
    seen = 0
    for ms in sorted(times):
        seen += times[ms]
        if seen * 100 >= count * share:
            return ms
    return 0


def exit_code(pressed: Pressed) -> int:
    """0 the laws hold, 1 a law is broken or too much failed, 2 undecided."""
    total = pressed.rows[-1]
    if pressed.judged.broken or total.failures > total.requests * _FAILED_SHARE:
        return 1
    undecided = {v.law for v in pressed.judged.verdicts if v.state == UNDECIDED and (v.examined or v.note)}
    idle = {v.law for v in pressed.judged.verdicts if v.state == UNDECIDED} & _NEEDED
    return 2 if undecided or idle or not pressed.rest.quiescent else 0


def show(console: Console, pressed: Pressed) -> None:
    """For the terminal."""
    _say(
        console,
        f"{'request':38}{'count':>8}{'failed':>8}{'per s':>8}{'p50':>7}{'p95':>7}{'p99':>7}{'max':>7} ms",
    )
    for row in pressed.rows:
        times = "".join(f"{ms:7}" for ms in (row.p50_ms, row.p95_ms, row.p99_ms, row.max_ms))
        _say(console, f"{row.name:38}{row.requests:8}{row.failures:8}{row.per_second:8.1f}{times}")
    for refusal in pressed.refusals[:5]:
        _say(console, f"  {refusal}")
    facts = ", ".join(f"{count} {what}" for what, count in pressed.facts.items())
    rest = "at rest" if pressed.rest.quiescent else "not at rest"
    _say(console, f"{facts}; {rest} {pressed.rest_seconds:.1f} s after the last user")
    ended = {how: _total(pressed.counters, "calls.", f".{how}") for how in ("ok", "fail", "info")}
    calls = f"{ended['ok']} calls done, {ended['fail']} failed, {ended['info']} unclear"
    _say(console, f"the core: {calls}, {pressed.counters.get('retried', 0)} tasks put off")
    for verdict in pressed.judged.verdicts:
        found = verdict.note or (
            f"{verdict.examined} examined" if verdict.examined else "nothing of the kind"
        )
        _say(console, f"{verdict.law}  {verdict.state:10}{title(verdict.law):56}{found}")
        for witness in verdict.witnesses[:3]:
            _say(console, f"      {witness.says}")
    for law, why in pressed.judged.left_out.items():
        _say(console, f"{law}  left out  {why}")
    states = [verdict.state for verdict in pressed.judged.verdicts]
    counts = (f"{states.count(state)} {word}" for state, word in _WORDS)
    _say(console, ", ".join(counts))


def _total(counters: dict[str, int], first: str, last: str) -> int:
    return sum(n for name, n in counters.items() if name.startswith(first) and name.endswith(last))


def _say(console: Console, line: str) -> None:
    console.print(line, markup=False, highlight=False, soft_wrap=True)


def write(pressed: Pressed, path: Path) -> None:
    """As JSON, schema tieout-load/1."""
    record = {
        "schema": "tieout-load/1",
        "model": pressed.model,
        "users": pressed.users,
        "seconds": pressed.seconds,
        "requests": [asdict(row) for row in pressed.rows],
        "refusals": list(pressed.refusals),
        "facts": pressed.facts,
        "counters": pressed.counters,
        "rest": asdict(pressed.rest),
        "rest_seconds": round(pressed.rest_seconds, 3),
        "verdicts": [asdict(verdict) for verdict in pressed.judged.verdicts],
        "left_out": dict(pressed.judged.left_out),
        "exit_code": exit_code(pressed),
    }
    path.write_text(json.dumps(record, indent=2) + "\n")
