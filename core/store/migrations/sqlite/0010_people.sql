-- People who have signed in: no token is kept, only which one of each session is the latest.
CREATE TABLE session (
    id TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    client TEXT NOT NULL,
    scope TEXT NOT NULL,
    redirect TEXT NOT NULL,
    challenge TEXT NOT NULL,
    begun_at INTEGER NOT NULL,
    until INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    turned_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL,
    why TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX session_until ON session (until);

-- Attempts to sign in that have not gone well, in a row.
CREATE TABLE strike (
    bucket TEXT PRIMARY KEY,
    count INTEGER NOT NULL,
    at INTEGER NOT NULL,
    locked_until INTEGER NOT NULL
) WITHOUT ROWID;
