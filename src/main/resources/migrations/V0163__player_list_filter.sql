-- The lists of players who have something that most players may not have, in the order of their ids.
CREATE INDEX player_with_email ON player (id) WHERE email IS NOT NULL;
CREATE INDEX player_with_google ON player (id) WHERE google_id IS NOT NULL;
CREATE INDEX player_with_facebook ON player (id) WHERE facebook_id IS NOT NULL;
CREATE INDEX player_with_discord ON player (id) WHERE discord_id IS NOT NULL;
CREATE INDEX player_with_apple ON player (id) WHERE apple_id IS NOT NULL;
CREATE INDEX player_with_steam ON player (id) WHERE steam_id IS NOT NULL;
CREATE INDEX player_with_openid ON player (id) WHERE openid_id IS NOT NULL;
