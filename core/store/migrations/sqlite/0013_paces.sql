-- How many requests at once each worker may have at a vendor, until when; and under the holder '' until when the
-- vendor is left alone by all.
CREATE TABLE pace (
    system TEXT NOT NULL,
    holder TEXT NOT NULL,
    slots INTEGER NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (system, holder)
) WITHOUT ROWID;
