-- Running matches are counted by the version of their game. An action changes the index only when it
-- ends the match.
CREATE INDEX match_room_running ON match_room (game_key, game_version)
  WHERE phase = 'active' AND finished_ms IS NULL;
