-- When the node of a drill reached the database again, after a pause or a cut.
ALTER TABLE drill ADD COLUMN back_ms BIGINT;
