-- Static files of versions of games, which clients load.
CREATE TABLE game_file (
  game_key TEXT   NOT NULL,
  version  TEXT   NOT NULL,
  path     TEXT   NOT NULL,
  -- SHA-256 of the content
  digest   TEXT   NOT NULL,
  bytes    BIGINT NOT NULL,
  PRIMARY KEY (game_key, version, path)
);

-- Their contents, in parts as Base64.
CREATE TABLE game_file_part (
  game_key TEXT   NOT NULL,
  version  TEXT   NOT NULL,
  path     TEXT   NOT NULL,
  part     BIGINT NOT NULL,
  content  TEXT   NOT NULL,
  PRIMARY KEY (game_key, version, path, part)
);

-- SHA-256 of all of them; null for a version without files.
ALTER TABLE game_version ADD COLUMN files_digest TEXT;
