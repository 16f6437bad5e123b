-- When a parked event was committed, for the consumer that gets it once more; null for events that
-- were parked before.
ALTER TABLE parked_event ADD COLUMN committed_ms BIGINT;
