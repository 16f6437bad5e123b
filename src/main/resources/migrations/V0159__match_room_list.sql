-- The lists of match rooms for admins, newest first: of a phase, of a game, and of a version.
CREATE INDEX match_room_phase_list ON match_room (phase, created_ms, room_id);
CREATE INDEX match_room_game_list ON match_room (game_key, created_ms, room_id);
CREATE INDEX match_room_version_list
  ON match_room (game_key, game_version, created_ms, room_id);
