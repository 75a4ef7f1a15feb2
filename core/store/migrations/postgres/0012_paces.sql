-- How many requests at once each worker may have at a vendor, until when; and under the holder '' until when the
-- vendor is left alone by all.
CREATE UNLOGGED TABLE pace (
    system text NOT NULL,
    holder text NOT NULL,
    slots integer NOT NULL,
    until bigint NOT NULL,
    PRIMARY KEY (system, holder)
);
