-- The usernames that players chose. A player without one is called player<id>, which nobody else can
-- choose, so accounts that exist already have a username without being touched.
ALTER TABLE player ADD COLUMN username TEXT;
-- the username as it is compared
ALTER TABLE player ADD COLUMN username_key TEXT${by_code_point};
CREATE UNIQUE INDEX player_username ON player (username_key) WHERE username_key IS NOT NULL;
