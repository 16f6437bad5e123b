-- Objects that the game stores: global ones, those of a player, of a lobby, and of a player in a
-- lobby.
CREATE TABLE storage_object (
  id           ${identity},
  -- 0 for none, so that the name below is unique; the rows of players and lobbies that are gone are
  -- deleted by the server
  player_id    BIGINT  NOT NULL,
  collection   TEXT    NOT NULL,
  object_key   TEXT    NOT NULL,
  lobby_id     BIGINT  NOT NULL,
  -- JSON objects as they were written
  value        TEXT    NOT NULL,
  metadata     TEXT    NOT NULL,
  -- the digest of both
  version      TEXT    NOT NULL,
  -- what the row counts for in storage_usage
  bytes        BIGINT  NOT NULL,
  -- 0 nobody, 1 the owner and the lobby, 2 everybody
  read_access  INTEGER NOT NULL,
  -- 0 nobody, 1 the owner
  write_access INTEGER NOT NULL,
  created_ms   BIGINT  NOT NULL,
  updated_ms   BIGINT  NOT NULL
);

CREATE UNIQUE INDEX storage_object_name
  ON storage_object (player_id, collection, object_key, lobby_id);
CREATE INDEX storage_object_lobby ON storage_object (lobby_id, id) WHERE lobby_id > 0;
CREATE INDEX storage_object_public ON storage_object (collection, id) WHERE read_access = 2;

-- The sums over the objects of each player, those in lobbies included.
CREATE TABLE storage_usage (
  player_id BIGINT NOT NULL PRIMARY KEY,
  entries   BIGINT NOT NULL,
  bytes     BIGINT NOT NULL
);
