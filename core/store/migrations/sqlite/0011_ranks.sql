-- What goes first where not all can: by queue, as those say who work on it, and on each task for the index.
CREATE TABLE queue (name TEXT PRIMARY KEY, rank INTEGER NOT NULL) WITHOUT ROWID;
ALTER TABLE task ADD COLUMN rank INTEGER NOT NULL DEFAULT 1;
DROP INDEX task_due;
CREATE INDEX task_turn ON task (rank, due_at, id) WHERE state = 'ready';
