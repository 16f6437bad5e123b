-- What is kept of a player beside his own row is found by it, when he asks for it or leaves.
CREATE INDEX session_of_ended ON session (player_id, number) WHERE ended_ms IS NOT NULL;
CREATE INDEX mail_token_player ON mail_token (player_id) WHERE player_id IS NOT NULL;
CREATE INDEX spectator_player ON spectator (player_id);
