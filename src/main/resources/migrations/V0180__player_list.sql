-- The lists of players for admins: by name, by the time of registration, and the admins.
CREATE INDEX player_by_name ON player (name_key, id);
CREATE INDEX player_created ON player (created_ms);
CREATE INDEX player_admin ON player (id) WHERE admin = 1;
