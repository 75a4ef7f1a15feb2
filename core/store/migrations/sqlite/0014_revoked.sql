-- Access tokens that were taken back before they had run out: ids of what they say, and their ends.
CREATE TABLE revoked (id TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;
