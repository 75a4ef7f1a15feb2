CREATE TABLE inbox (
    channel TEXT NOT NULL,
    event TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (channel, event)
) WITHOUT ROWID;

CREATE TABLE task (
    id INTEGER PRIMARY KEY,
    queue TEXT NOT NULL,
    key TEXT NOT NULL,
    done TEXT NOT NULL DEFAULT '',
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'ready',
    error TEXT NOT NULL DEFAULT '',
    owner TEXT NOT NULL DEFAULT '',
    label TEXT NOT NULL DEFAULT '',
    UNIQUE (queue, key)
);
CREATE INDEX task_due ON task (due_at, id) WHERE state = 'ready';
CREATE INDEX task_parked ON task (id) WHERE state = 'parked';

CREATE TABLE outbox (
    sequence INTEGER PRIMARY KEY,
    topic TEXT NOT NULL,
    subject TEXT NOT NULL,
    published INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX outbox_waiting ON outbox (sequence) WHERE published = 0;

CREATE TABLE watermark (job TEXT PRIMARY KEY, moment INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE control_total (job TEXT NOT NULL, at INTEGER NOT NULL, rows INTEGER NOT NULL, amounts TEXT NOT NULL);
CREATE TABLE seen (key TEXT PRIMARY KEY) WITHOUT ROWID;
