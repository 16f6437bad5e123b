-- What games keep of players between matches.
CREATE TABLE match_profile (
  game_key       TEXT   NOT NULL,
  -- of the data, as the game counts it; another version has a row of its own
  schema_version TEXT   NOT NULL,
  user_key       TEXT   NOT NULL,
  data           TEXT   NOT NULL,
  revision       BIGINT NOT NULL,
  updated_ms     BIGINT NOT NULL,
  PRIMARY KEY (game_key, schema_version, user_key)
);

CREATE INDEX match_profile_user ON match_profile (user_key);

-- Which changes have been made: by the id of an action, or "end" for the settlement of a match.
CREATE TABLE match_profile_commit (
  room_id    TEXT NOT NULL,
  commit_key TEXT NOT NULL,
  user_key   TEXT NOT NULL,
  PRIMARY KEY (room_id, commit_key, user_key)
);

-- Locked while the rooms of a host are counted, so that many requests cannot exceed the limit.
CREATE TABLE match_host (
  user_key TEXT   NOT NULL PRIMARY KEY,
  opened   BIGINT NOT NULL
);
