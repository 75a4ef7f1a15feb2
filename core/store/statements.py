"""What the store on PostgreSQL says, one statement a promise."""

from __future__ import annotations

from core.ports.durable import Rank

COLUMNS = (
    "id, queue, key, done, attempts, due_at, first_at, state, error, owner, label,"
    " worker, fence, version, losses, mode, held_by, rank"
)

# A task that is ready is left alone; one that was done or is held begins anew. News about what was done is a
# transaction of its own time; what is held has waited since.
_AGAIN = """ON CONFLICT (queue, key) DO UPDATE
    SET state = 'ready', done = '', version = 0, attempts = 0, losses = 0, due_at = excluded.due_at,
        first_at = CASE task.state WHEN 'done' THEN excluded.first_at ELSE task.first_at END
    WHERE task.state IN ('done', 'parked')"""

# Of a queue that nobody has named: Rank.BUSINESS.
_RANK = "coalesce((SELECT rank FROM queue WHERE name = {}), 1)"

ACCEPT = f"""
WITH fresh AS (
    INSERT INTO inbox VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING at
), opened AS (
    INSERT INTO task (queue, key, due_at, first_at, rank)
    SELECT named, $4, $3, $3, {_RANK.format("named")} FROM unnest($5::text[]) AS named, fresh
    {_AGAIN}
), told AS (
    INSERT INTO outbox (topic, subject, at) SELECT topic, $4, $3 FROM unnest($6::text[]) AS topic, fresh
)
SELECT count(*) FROM fresh"""

ENQUEUE = f"""
INSERT INTO task (queue, key, due_at, first_at, rank) VALUES ($1, $2, $3, $3, {_RANK.format("$1")})
ON CONFLICT DO NOTHING RETURNING 1"""

OPEN = f"""
INSERT INTO task (queue, key, due_at, first_at, rank) VALUES ($1, $2, $3, $3, {_RANK.format("$1")})
{_AGAIN} RETURNING 1"""

TAKE = f"""
WITH fresh AS (
    INSERT INTO seen VALUES ($1, $4) ON CONFLICT DO NOTHING RETURNING key
)
INSERT INTO task (queue, key, due_at, first_at, rank) SELECT $2, $3, $4, $4, {_RANK.format("$2")} FROM fresh
{_AGAIN} RETURNING 1"""

# A rank after the other, one look into the index each.
_RANKS = f"(VALUES {', '.join(f'({int(rank)})' for rank in Rank)}) AS each (of_rank)"
_DUE = """
    SELECT id AS chosen, due_at AS was_due FROM task
    WHERE state = 'ready' AND rank = of_rank AND due_at <= $2
        AND (queue = ANY($5) OR cardinality($5::text[]) = 0)"""

# First those that are longest due, which are the first of their ranks; then by rank.
CLAIM = f"""
WITH oldest AS MATERIALIZED (
    SELECT chosen, was_due FROM {_RANKS}
    CROSS JOIN LATERAL ({_DUE} ORDER BY due_at, id LIMIT $6 FOR UPDATE SKIP LOCKED) AS head
    ORDER BY was_due, chosen LIMIT $6
), first AS MATERIALIZED (
    SELECT chosen, was_due FROM {_RANKS}
    CROSS JOIN LATERAL (
        {_DUE} AND id NOT IN (SELECT chosen FROM oldest) ORDER BY due_at, id LIMIT $4 FOR UPDATE SKIP LOCKED
    ) AS next
    LIMIT $4 - (SELECT count(*) FROM oldest)
), claimed AS (
    UPDATE task SET worker = $1, fence = fence + 1, losses = losses + 1, due_at = $3
    FROM (SELECT * FROM oldest UNION ALL SELECT * FROM first) AS turn WHERE id = chosen
    RETURNING {COLUMNS}, was_due
)
SELECT {COLUMNS} FROM claimed ORDER BY rank, was_due, id"""

RANK = """
WITH changed AS (
    INSERT INTO queue SELECT * FROM unnest($1::text[], $2::smallint[]) AS said (name, rank) ORDER BY name
    ON CONFLICT (name) DO UPDATE SET rank = excluded.rank WHERE queue.rank <> excluded.rank
    RETURNING name, rank
)
UPDATE task SET rank = changed.rank FROM changed WHERE queue = name AND task.rank <> changed.rank"""

NEXT_DUE = f"""
SELECT min(due_at) FROM {_RANKS} CROSS JOIN LATERAL (
    SELECT due_at FROM task
    WHERE state = 'ready' AND rank = of_rank AND (queue = ANY($1) OR cardinality($1::text[]) = 0)
    ORDER BY due_at LIMIT 1
) AS head"""

EXTEND = """
UPDATE task SET due_at = $3 FROM unnest($1::bigint[], $2::integer[]) AS held (task_id, claim)
WHERE id = task_id AND fence = claim AND state = 'ready' AND worker <> ''"""

LEASE = """
INSERT INTO lease VALUES ($1, $2, $4)
ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
WHERE lease.until <= $3 OR lease.holder = $2
RETURNING 1"""

_MINE = "WHERE id = $1 AND fence = $2 AND state = 'ready'"

# (id, fence, done, version) of many; (id, fence) of those that are still in hand. A worker that slept through
# its lease may have the old claim of a task and the new one in one batch: an id alone says nothing.
STEP_DONE = """
UPDATE task SET done = step.done, version = step.version, losses = 0
FROM unnest($1::bigint[], $2::integer[], $3::text[], $4::integer[]) AS step (id, fence, done, version)
WHERE task.id = step.id AND task.fence = step.fence AND task.state = 'ready' RETURNING task.id, task.fence"""

# (id, fence, moment) of many, and (id, fence, topic, subject) of what they tell.
_ENDED = """
WITH ended AS (
    UPDATE task SET state = CASE mode WHEN 'undo' THEN 'undone' ELSE 'done' END, worker = '', due_at = at
    FROM unnest($1::bigint[], $2::integer[], $3::bigint[]) AS finished (finished_id, claim, at)
    WHERE id = finished_id AND fence = claim AND state = 'ready' RETURNING id, fence, due_at
), told AS (
    INSERT INTO outbox (topic, subject, at)
    SELECT topic, subject, due_at
    FROM unnest($4::bigint[], $5::integer[], $6::text[], $7::text[]) WITH ORDINALITY
        AS news (id, fence, topic, subject, place)
    JOIN ended USING (id, fence) ORDER BY place
)"""

FINISH = f"{_ENDED} SELECT id, fence FROM ended"

# And (id, fence, event, topic, aggregate, body) of what those outside are told.
FINISH_AND_TELL = f"""{_ENDED}, outside AS (
    INSERT INTO delivery (endpoint, event, topic, aggregate, body, at, due_at)
    SELECT endpoint.id, event, topic, aggregate, body, due_at, due_at
    FROM unnest($8::bigint[], $9::integer[], $10::text[], $11::text[], $12::text[], $13::text[])
        WITH ORDINALITY AS facts (id, fence, event, topic, aggregate, body, place)
    JOIN ended USING (id, fence)
    JOIN endpoint ON enabled AND position(',' || topic || ',' IN topics) > 0
    ORDER BY place, made_at, endpoint.id
    ON CONFLICT DO NOTHING
)
SELECT id, fence FROM ended"""

PUT_OFF = f"""
UPDATE task SET attempts = attempts + $6, losses = 0, worker = '', due_at = $3, error = $4, label = $5
{_MINE} RETURNING 1"""

PARK = f"""
UPDATE task SET state = 'parked', attempts = attempts + 1, worker = '', error = $3, owner = $4, label = $5,
    due_at = $6
{_MINE} RETURNING 1"""

STEP_UNDONE = f"UPDATE task SET done = $3, losses = 0 {_MINE} RETURNING 1"

TURN_BACK = f"UPDATE task SET mode = 'do', done = $3, error = $4, losses = 0 {_MINE} RETURNING 1"

# What operators decide. What they let go on begins its attempts anew.
_READY = "state = 'ready', attempts = 0, losses = 0, held_by = '', due_at = {}"

HOLD = """
UPDATE task SET state = 'parked', worker = '', fence = fence + 1, error = $2, owner = $3, held_by = $4,
    due_at = $5
WHERE id = $1 AND state = 'ready' RETURNING 1"""

RELEASE = f"UPDATE task SET {_READY.format('$2')} WHERE id = $1 AND state = 'parked' RETURNING 1"

SKIP = f"""
UPDATE task SET {_READY.format("$3")}, done = CASE done WHEN '' THEN $2 ELSE done || ',' || $2 END
WHERE id = $1 AND state = 'parked' RETURNING 1"""

UNDO = f"""
UPDATE task SET {_READY.format("$2")}, mode = 'undo'
WHERE id = $1 AND state IN ('parked', 'done') RETURNING 1"""

ABANDON = """
UPDATE task SET state = 'abandoned', error = $2, held_by = $3, due_at = $4
WHERE id = $1 AND state = 'parked' RETURNING 1"""

REDRIVE = f"UPDATE task SET {_READY.format('$1')} WHERE state = 'parked'"

TASK = f"SELECT {COLUMNS} FROM task WHERE id = $1"

TASKS = f"SELECT {COLUMNS} FROM task WHERE state = $1 ORDER BY id"

# Of what is committed only that which no transaction still open can precede: order of commit, no gaps.
UNPUBLISHED = """
SELECT sequence, topic, subject FROM outbox
WHERE NOT published AND written < pg_snapshot_xmin(pg_current_snapshot())
ORDER BY sequence LIMIT $1"""
