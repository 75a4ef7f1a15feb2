"""What a store is asked about the work in it: counts of what waits, and of what met its moment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core.ports.census import Standing, Tally

STANDINGS = """
SELECT queue, CASE worker WHEN '' THEN 'waiting' ELSE 'in_hand' END, count(*), min(due_at),
    sum(CASE WHEN attempts > 0 THEN 1 ELSE 0 END)
FROM task WHERE state = 'ready' GROUP BY 1, 2
UNION ALL SELECT queue, 'held', count(*), min(due_at), count(*)
FROM task WHERE state = 'parked' GROUP BY queue
ORDER BY 1, 2"""

# A miss is dated at the moment that was missed: what is stuck is bad at once, and once.
_TALLY = """
WITH objective (name, within) AS ({objective})
SELECT queue,
    sum(CASE WHEN state = 'done' AND due_at - first_at <= within THEN 1 ELSE 0 END),
    sum(CASE WHEN due_at - first_at > within AND first_at + within > {since} THEN 1 ELSE 0 END)
FROM task JOIN objective ON queue = name
WHERE state IN ('done', 'undone', 'abandoned') AND due_at > {since} GROUP BY queue
UNION ALL SELECT queue, 0, count(*) FROM task JOIN objective ON queue = name
WHERE state = 'ready' AND first_at + within > {since} AND first_at + within <= {now} GROUP BY queue
UNION ALL SELECT queue, 0, count(*) FROM task JOIN objective ON queue = name
WHERE state = 'parked' AND first_at + within > {since} AND first_at + within <= {now} GROUP BY queue"""

POSTGRES_TALLY = _TALLY.format(
    objective="SELECT * FROM unnest($1::text[], $2::bigint[])", since="$3::bigint", now="$4::bigint"
)


def sqlite_tally(queues: int) -> str:
    """For so many queues: parameters name0, within0, name1 and so on, since, now."""
    rows = ", ".join(f"(:name{n}, :within{n})" for n in range(queues))
    return _TALLY.format(objective=f"VALUES {rows}", since=":since", now=":now")


def standings(rows: Iterable[Any]) -> tuple[Standing, ...]:
    """As values."""
    return tuple(Standing(*row) for row in rows)


def tallies(rows: Iterable[Any]) -> list[Tally]:
    """One a queue."""
    good: dict[str, int] = {}
    bad: dict[str, int] = {}
    for queue, well, badly in rows:
        good[queue] = good.get(queue, 0) + int(well)
        bad[queue] = bad.get(queue, 0) + int(badly)
    return [Tally(queue, good[queue], bad[queue]) for queue in good]
