-- When it was written, so that it can be forgotten. 0: before there was this column, its age counts from the
-- first look; NULL: remembered for ever, as what customers were told.
ALTER TABLE outbox ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE seen ADD COLUMN at INTEGER;
UPDATE seen SET at = 0 WHERE key NOT LIKE 'notice/%';

-- Who is told of facts, and where. Its secret is worked out from its id and version, and is not kept here.
CREATE TABLE endpoint (
    id TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    topics TEXT NOT NULL,
    version INTEGER NOT NULL,
    former_until INTEGER NOT NULL,
    enabled INTEGER NOT NULL,
    why TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    failing_since INTEGER NOT NULL
) WITHOUT ROWID;

-- One fact for one endpoint. A number is never used again: what is after it comes later.
CREATE TABLE delivery (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    endpoint TEXT NOT NULL,
    event TEXT NOT NULL,
    topic TEXT NOT NULL,
    aggregate TEXT NOT NULL,
    body TEXT NOT NULL,
    at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting',
    attempts INTEGER NOT NULL DEFAULT 0,
    fence INTEGER NOT NULL DEFAULT 0,
    status INTEGER NOT NULL DEFAULT 0,
    error TEXT NOT NULL DEFAULT '',
    ended_at INTEGER NOT NULL DEFAULT 0,
    UNIQUE (endpoint, event)
);
CREATE INDEX delivery_due ON delivery (due_at, number) WHERE state = 'waiting';
CREATE INDEX delivery_line ON delivery (endpoint, aggregate, number) WHERE state = 'waiting';
