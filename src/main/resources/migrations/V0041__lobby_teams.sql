-- What a lobby with teams has beside: a code of six digits to join by, unique among those that are
-- open, and who plays with whom, as JSON. Both are given together, when a lobby is opened with teams
-- or first seen by a wire that needs them.
ALTER TABLE lobby ADD COLUMN code INTEGER;
ALTER TABLE lobby ADD COLUMN roster TEXT;

CREATE UNIQUE INDEX lobby_code ON lobby (code) WHERE code IS NOT NULL AND closed_ms IS NULL;
