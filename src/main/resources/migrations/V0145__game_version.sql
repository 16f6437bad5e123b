-- Versions of games in JavaScript that admins have deployed.
CREATE TABLE game_version (
  game_key       TEXT    NOT NULL,
  version        TEXT    NOT NULL,
  schema_version TEXT    NOT NULL,
  -- SHA-256 of the script
  digest         TEXT    NOT NULL,
  -- new rooms start on it; at most one of a game
  active         INTEGER NOT NULL,
  created_ms     BIGINT  NOT NULL,
  -- when it was activated or deactivated
  changed_ms     BIGINT  NOT NULL,
  PRIMARY KEY (game_key, version)
);

CREATE UNIQUE INDEX game_version_active ON game_version (game_key) WHERE active = 1;

-- The script of a version, in parts.
CREATE TABLE game_script (
  game_key TEXT   NOT NULL,
  version  TEXT   NOT NULL,
  part     BIGINT NOT NULL,
  content  TEXT   NOT NULL,
  PRIMARY KEY (game_key, version, part)
);

CREATE INDEX match_room_game ON match_room (game_key, game_version);
