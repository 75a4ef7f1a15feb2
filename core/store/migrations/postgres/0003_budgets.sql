-- How much of a window's budget all workers together have spent.
CREATE UNLOGGED TABLE budget (span text PRIMARY KEY, spent integer NOT NULL, granted integer NOT NULL);
