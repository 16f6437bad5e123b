-- Saved games as their clients download them: encrypted, as Base64.
CREATE TABLE match_save (
  save_id      TEXT   NOT NULL PRIMARY KEY,
  game_key     TEXT   NOT NULL,
  game_version TEXT   NOT NULL,
  -- the user who made it
  user_key     TEXT   NOT NULL,
  content      TEXT   NOT NULL,
  created_ms   BIGINT NOT NULL
);

CREATE INDEX match_save_user ON match_save (user_key, created_ms, save_id);

-- What a match that goes on with a saved one is started with, as JSON; null for a new match.
ALTER TABLE match_room ADD COLUMN start_setup TEXT;
