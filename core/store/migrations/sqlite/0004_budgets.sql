-- How much of a window's budget all workers together have spent.
CREATE TABLE budget (span TEXT PRIMARY KEY, spent INTEGER NOT NULL) WITHOUT ROWID;
