-- What operators decide: a task that is being undone, and who held it.
ALTER TABLE task ADD COLUMN mode TEXT NOT NULL DEFAULT 'do';
ALTER TABLE task ADD COLUMN held_by TEXT NOT NULL DEFAULT '';
