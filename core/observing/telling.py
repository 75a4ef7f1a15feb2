"""The page of metrics, objectives and health, made from the code: python -m core.observing.telling [FILE]."""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path

from core.observing.metrics import Metrics
from core.observing.slo import ALARMS
from core.observing.standing import OF_DEPLOYMENT, OF_LIMITS, Told
from core.observing.watching import objectives

_PLACE = Path("docs/observability.md")
_HEAD = """# What is seen of the core

Made from the code by `python -m core.observing.telling`; a test keeps it equal.

`tieout up` prints where everything is: the operators' page at `/` of the core, `/metrics` of the API process
(scope `metrics:read`) and of each worker (loopback). `--traces FOLDER` writes the spans of core and mocks
as OTLP JSON, `--otlp http://…` sends them to a collector. Logs are a JSON object a line on stderr, those
of libraries and Python's warnings too: `time`, `level`, `logger`, `process`, `message`; a line about a
transaction has `transaction` (its business key) and `trace`; a traceback is the field `error`. All is masked.

![The operators' page](page.png)

The picture is made anew by `python -m scenarios.picture` (Chromium).

## Health

| answer | means | what to do |
|---|---|---|
| `GET /healthz` 200 | the process answers | start it again where it does not |
| `GET /readyz` 200 `ready` | every dependency is `up` | send it events |
| `GET /readyz` 200 `degraded` | work is taken in and some waits: bus, workers, a vendor | look at the page |
| `GET /readyz` 503 | the store is away: nothing is taken in | send nothing; senders come again |
"""
_NOTES = """
`tieout_notes` counts under these names, among others: `stale.crm`, `stale.erp` (a copy was not written, since
something newer stands there or may: each is told as an alert too), `ownership.refused.<system>` (a write that
another system owns, or a copy without its version), `echoes.<channel>` (an event of our own write).
"""
_ALARMS = """The share that has to meet its moment is the setting `slo_percent`. An alarm is told to the owner
of the flow when it begins, and when it has ended.
"""


def document() -> str:
    """The whole page."""
    rows = [
        "\n## Metrics\n",
        "Of each process:\n",
        *_table(Metrics("document").told() + [_row(each) for each in OF_LIMITS]),
        "\nOf the whole deployment, told by the API process:\n",
        *_table([_row(each) for each in OF_DEPLOYMENT]),
        _NOTES.rstrip("\n"),
        "\n## Objectives\n",
        _ALARMS,
        "| alarm | rings when both windows burn at least so fast | severity |",
        "|---|---|---|",
        *(
            f"| {each.name} | {each.long_minutes} and {each.short_minutes} minutes:"
            f" {_plain(each.at_rate)} times | {each.severity} |"
            for each in ALARMS
        ),
        "\n| flow | owner | within | queues |",
        "|---|---|---|---|",
        *(
            f"| `{each.flow}` | {each.owner} | {each.minutes} min | {_words(each.queues)} |"
            for each in objectives(Fraction(99, 100))
        ),
    ]
    return _HEAD + "\n".join(rows) + "\n"


def _row(told: Told) -> tuple[str, str, tuple[str, ...], str]:
    return told.name, "gauge", told.labels, told.says


def _table(rows: list[tuple[str, str, tuple[str, ...], str]]) -> list[str]:
    return [
        "| metric | type | labels | says |",
        "|---|---|---|---|",
        *(f"| `{name}` | {kind} | {_words(labels)} | {says} |" for name, kind, labels, says in sorted(rows)),
    ]


def _words(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _plain(rate: Fraction) -> str:
    tenths = rate * 10
    return f"{tenths.numerator // 10}.{tenths.numerator % 10}" if rate.denominator != 1 else str(rate)


if __name__ == "__main__":
    (Path(sys.argv[1]) if len(sys.argv) > 1 else _PLACE).write_text(document(), encoding="utf-8")
