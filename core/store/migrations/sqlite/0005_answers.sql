-- What the API answered under an idempotency key; status 0 while it is in hand, until a moment.
CREATE TABLE answer (
    key TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    at INTEGER NOT NULL,
    until INTEGER NOT NULL,
    status INTEGER NOT NULL DEFAULT 0,
    body TEXT NOT NULL DEFAULT '',
    location TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE INDEX answer_at ON answer (at);

-- Jobs that somebody started by name.
CREATE TABLE job (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    state TEXT NOT NULL,
    begun_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL DEFAULT 0,
    result TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE INDEX job_running ON job (begun_at, id) WHERE state = 'running';
