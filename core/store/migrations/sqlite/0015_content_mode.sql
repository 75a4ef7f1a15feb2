-- In which content mode of CloudEvents an endpoint is told; those before are told in the structured one.
ALTER TABLE endpoint ADD COLUMN mode TEXT NOT NULL DEFAULT 'structured';
