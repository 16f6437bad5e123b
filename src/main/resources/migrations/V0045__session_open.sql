-- Whose session was used when, in order and whether it still counts: a player with very many is known
-- without a look at the sessions themselves.
DROP INDEX session_player;
CREATE INDEX session_open ON session (player_id, used_ms, number, expires_ms) WHERE ended_ms IS NULL;
