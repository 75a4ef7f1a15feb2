-- When it was written, so that it can be forgotten. 0: before there was this column, its age counts from the
-- first look; NULL: remembered for ever, as what customers were told.
ALTER TABLE outbox ADD COLUMN at bigint NOT NULL DEFAULT 0;
ALTER TABLE seen ADD COLUMN at bigint;
UPDATE seen SET at = 0 WHERE key NOT LIKE 'notice/%';

-- Who is told of facts, and where. Its secret is worked out from its id and version, and is not kept here.
CREATE TABLE endpoint (
    id text PRIMARY KEY,
    url text NOT NULL,
    topics text NOT NULL,
    version integer NOT NULL,
    former_until bigint NOT NULL,
    enabled boolean NOT NULL,
    why text NOT NULL,
    made_by text NOT NULL,
    made_at bigint NOT NULL,
    failing_since bigint NOT NULL
);

-- One fact for one endpoint. A number is never used again: what is after it comes later.
CREATE TABLE delivery (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    endpoint text NOT NULL,
    event text NOT NULL,
    topic text NOT NULL,
    aggregate text NOT NULL,
    body text NOT NULL,
    at bigint NOT NULL,
    due_at bigint NOT NULL,
    state text NOT NULL DEFAULT 'waiting',
    attempts integer NOT NULL DEFAULT 0,
    fence integer NOT NULL DEFAULT 0,
    status integer NOT NULL DEFAULT 0,
    error text NOT NULL DEFAULT '',
    ended_at bigint NOT NULL DEFAULT 0,
    UNIQUE (endpoint, event)
);
CREATE INDEX delivery_due ON delivery (due_at, number) WHERE state = 'waiting';
CREATE INDEX delivery_line ON delivery (endpoint, aggregate, number) WHERE state = 'waiting';
