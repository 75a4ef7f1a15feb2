-- What was decided and refused: only ever added to, each line sealed to the one before.
CREATE TABLE audit (
    sequence bigint PRIMARY KEY,
    moment bigint NOT NULL,
    who text NOT NULL,
    scope text NOT NULL,
    act text NOT NULL,
    subject text NOT NULL,
    outcome text NOT NULL,
    reason text NOT NULL,
    before text NOT NULL,
    hash text NOT NULL
);
CREATE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit: a line is never changed or removed';
END $$;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_refuses();
CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses();
CREATE FUNCTION audit_next() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last record;
BEGIN
    SELECT sequence, hash INTO last FROM audit ORDER BY sequence DESC LIMIT 1;
    IF NEW.sequence <> coalesce(last.sequence, 0) + 1 OR NEW.before <> coalesce(last.hash, repeat('0', 64)) THEN
        RAISE EXCEPTION 'audit: only the next line can be added';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER audit_is_added_to BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION audit_next();
