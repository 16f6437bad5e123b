-- Versions of games of extensions, and the jars that have them. A row keeps its jar: rooms go on with the
-- version that they began with, also after nodes were restarted.
CREATE TABLE extension_game (
  game_key     TEXT   NOT NULL,
  game_version TEXT   NOT NULL,
  extension    TEXT   NOT NULL,
  digest       TEXT   NOT NULL,
  created_ms   BIGINT NOT NULL,
  -- since when no room starts on it; null while it is active
  replaced_ms  BIGINT,
  PRIMARY KEY (game_key, game_version)
);

CREATE INDEX extension_game_digest ON extension_game (digest);
