-- What the API answered under an idempotency key; status 0 while it is in hand, until a moment.
CREATE TABLE answer (
    key text PRIMARY KEY,
    fingerprint text NOT NULL,
    at bigint NOT NULL,
    until bigint NOT NULL,
    status integer NOT NULL DEFAULT 0,
    body text NOT NULL DEFAULT '',
    location text NOT NULL DEFAULT ''
);
CREATE INDEX answer_at ON answer (at);

-- Jobs that somebody started by name.
CREATE TABLE job (
    id text PRIMARY KEY,
    name text NOT NULL,
    asked_by text NOT NULL,
    state text NOT NULL,
    begun_at bigint NOT NULL,
    ended_at bigint NOT NULL DEFAULT 0,
    result text NOT NULL DEFAULT ''
);
CREATE INDEX job_running ON job (begun_at, id) WHERE state = 'running';
