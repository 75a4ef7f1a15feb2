-- What was decided and refused: only ever added to, each line sealed to the one before.
CREATE TABLE audit (
    sequence INTEGER PRIMARY KEY,
    moment INTEGER NOT NULL,
    who TEXT NOT NULL,
    scope TEXT NOT NULL,
    act TEXT NOT NULL,
    subject TEXT NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    before TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit: a line is never changed');
END;
CREATE TRIGGER audit_is_not_removed BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit: a line is never removed');
END;
-- REPLACE would remove a line without a DELETE; a line that is not the next is refused before that.
CREATE TRIGGER audit_is_added_to BEFORE INSERT ON audit
WHEN NEW.sequence IS NOT (SELECT coalesce(max(sequence), 0) + 1 FROM audit)
    OR NEW.before IS NOT coalesce((SELECT hash FROM audit ORDER BY sequence DESC LIMIT 1), '0000000000000000000000000000000000000000000000000000000000000000')
BEGIN
    SELECT RAISE(ABORT, 'audit: only the next line can be added');
END;
