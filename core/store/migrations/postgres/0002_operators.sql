-- What operators decide: a task that is being undone, and who held it.
ALTER TABLE task ADD COLUMN mode text NOT NULL DEFAULT 'do';
ALTER TABLE task ADD COLUMN held_by text NOT NULL DEFAULT '';
