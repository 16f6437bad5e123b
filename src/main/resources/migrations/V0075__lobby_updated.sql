-- When the settings of a lobby were saved last; 0 for those that were created before this column.
ALTER TABLE lobby ADD COLUMN updated_ms BIGINT NOT NULL DEFAULT 0;
