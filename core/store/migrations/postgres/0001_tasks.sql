CREATE TABLE inbox (
    channel text NOT NULL,
    event text NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (channel, event)
);

CREATE TABLE task (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    queue text NOT NULL,
    key text NOT NULL,
    done text NOT NULL DEFAULT '',
    attempts integer NOT NULL DEFAULT 0,
    due_at bigint NOT NULL,
    first_at bigint NOT NULL,
    state text NOT NULL DEFAULT 'ready',
    error text NOT NULL DEFAULT '',
    owner text NOT NULL DEFAULT '',
    label text NOT NULL DEFAULT '',
    -- A claimed task has a worker, and its due_at is the end of the lease.
    worker text NOT NULL DEFAULT '',
    fence integer NOT NULL DEFAULT 0,
    version integer NOT NULL DEFAULT 0,
    losses integer NOT NULL DEFAULT 0,
    UNIQUE (queue, key)
) WITH (fillfactor = 70);
CREATE INDEX task_due ON task (due_at, id) WHERE state = 'ready';
CREATE INDEX task_parked ON task (id) WHERE state = 'parked';
CREATE INDEX task_in_hand ON task (worker) WHERE worker <> '';

-- Numbers are given out before they are committed: only what no open transaction can still precede goes out.
CREATE TABLE outbox (
    sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic text NOT NULL,
    subject text NOT NULL,
    published boolean NOT NULL DEFAULT false,
    written xid8 NOT NULL DEFAULT pg_current_xact_id()
);
CREATE INDEX outbox_waiting ON outbox (sequence) WHERE NOT published;

CREATE TABLE watermark (job text PRIMARY KEY, moment bigint NOT NULL);
CREATE TABLE control_total (job text NOT NULL, at bigint NOT NULL, rows integer NOT NULL, amounts text NOT NULL);
CREATE TABLE seen (key text PRIMARY KEY);
CREATE TABLE lease (name text PRIMARY KEY, holder text NOT NULL, until bigint NOT NULL);
