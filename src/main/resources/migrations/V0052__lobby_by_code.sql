-- Whether a hidden lobby is entered by its code alone, which is so for those that were created with a
-- code. A hidden lobby without this is entered by its id.
ALTER TABLE lobby ADD COLUMN by_code INTEGER NOT NULL DEFAULT 0;

UPDATE lobby SET by_code = 1 WHERE hidden = 1 AND code IS NOT NULL AND closed_ms IS NULL;
