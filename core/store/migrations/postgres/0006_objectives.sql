-- What ended lately, for the objectives of the flows.
CREATE INDEX task_ended ON task (due_at) WHERE state IN ('done', 'undone', 'abandoned');
