-- Whose transaction a vendor's id or a document's number belongs to: the subject that it began with.
CREATE TABLE belongs (name TEXT PRIMARY KEY, root TEXT NOT NULL, at BIGINT NOT NULL);
