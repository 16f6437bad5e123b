-- The groups of a type by their id: a list of the private ones reads no others.
CREATE INDEX player_group_type ON player_group (type, id) WHERE closed_ms IS NULL;
