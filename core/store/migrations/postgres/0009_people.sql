-- People who have signed in: no token is kept, only which one of each session is the latest.
CREATE TABLE session (
    id text PRIMARY KEY,
    person text NOT NULL,
    client text NOT NULL,
    scope text NOT NULL,
    redirect text NOT NULL,
    challenge text NOT NULL,
    begun_at bigint NOT NULL,
    until bigint NOT NULL,
    generation bigint NOT NULL,
    turned_at bigint NOT NULL,
    ended_at bigint NOT NULL,
    why text NOT NULL
);
CREATE INDEX session_until ON session (until);

-- Attempts to sign in that have not gone well, in a row.
CREATE TABLE strike (
    bucket text PRIMARY KEY,
    count bigint NOT NULL,
    at bigint NOT NULL,
    locked_until bigint NOT NULL
);
