-- The lists of open lobbies: by the time when their settings were saved, by the beginning of their title, and of those
-- that are few. SQLite would look at each row for a column of the condition that is not in the index.
CREATE INDEX lobby_updated ON lobby (updated_ms, id, hidden, closed_ms) WHERE closed_ms IS NULL;
CREATE INDEX lobby_title ON lobby (title_key${by_code_point}, id) WHERE closed_ms IS NULL;
CREATE INDEX lobby_hidden ON lobby (id) WHERE closed_ms IS NULL AND hidden = 1;
CREATE INDEX lobby_locked ON lobby (id) WHERE closed_ms IS NULL AND locked = 1;
CREATE INDEX lobby_protected ON lobby (id) WHERE closed_ms IS NULL AND password_hash IS NOT NULL;
