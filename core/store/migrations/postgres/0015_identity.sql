-- Tells this database from another that had its address, and its numbers, before: a broker may remember that one.
CREATE TABLE identity (name TEXT NOT NULL);
INSERT INTO identity VALUES (gen_random_uuid()::text);
