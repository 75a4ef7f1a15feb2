-- A claimed task has a worker, and its due_at is the end of the lease.
ALTER TABLE task ADD COLUMN worker TEXT NOT NULL DEFAULT '';
ALTER TABLE task ADD COLUMN fence INTEGER NOT NULL DEFAULT 0;
ALTER TABLE task ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
-- Claims since the last sign of life: a task that kills its worker each time is poison.
ALTER TABLE task ADD COLUMN losses INTEGER NOT NULL DEFAULT 0;
CREATE INDEX task_in_hand ON task (worker) WHERE worker <> '';

CREATE TABLE lease (name TEXT PRIMARY KEY, holder TEXT NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID;
