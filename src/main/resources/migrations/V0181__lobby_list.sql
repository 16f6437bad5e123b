-- The lists of lobbies: by the time when their settings were saved, and by the beginning of their title.
CREATE INDEX lobby_updated ON lobby (updated_ms, id, hidden) WHERE closed_ms IS NULL;
CREATE INDEX lobby_title ON lobby (title_key${by_code_point}, id) WHERE closed_ms IS NULL;
