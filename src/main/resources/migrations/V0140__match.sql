-- Rooms in which games are played. The state of a running match is its setup, its records, and the
-- newest of its snapshots; the node that holds the lease match/<room> keeps it in memory too.
CREATE TABLE match_room (
  room_id         TEXT   NOT NULL PRIMARY KEY,
  game_key        TEXT   NOT NULL,
  game_version    TEXT   NOT NULL,
  host_user       TEXT   NOT NULL,
  -- lobby, active or closed
  phase           TEXT   NOT NULL,
  target_capacity BIGINT NOT NULL,
  seed            TEXT   NOT NULL,
  -- null until the match has started
  initial_now_ms  BIGINT,
  -- the number of steps, and of accepted actions
  revision        BIGINT NOT NULL,
  actions         BIGINT NOT NULL,
  created_ms      BIGINT NOT NULL,
  touched_ms      BIGINT NOT NULL
);

CREATE INDEX match_room_touched ON match_room (touched_ms);
CREATE INDEX match_room_host ON match_room (host_user);

CREATE TABLE match_seat (
  room_id    TEXT    NOT NULL,
  seat_index BIGINT  NOT NULL,
  -- the id of a player, or of a user of another service
  user_key   TEXT    NOT NULL,
  user_name  TEXT,
  ready      INTEGER NOT NULL,
  PRIMARY KEY (room_id, seat_index)
);

CREATE INDEX match_seat_user ON match_seat (user_key);

-- The accepted actions of a match, in order; never changed.
CREATE TABLE match_record (
  room_id    TEXT   NOT NULL,
  number     BIGINT NOT NULL,
  record     TEXT   NOT NULL,
  -- the revision of the match after it
  revision   BIGINT NOT NULL,
  -- by which a repeated request is recognised
  request_id TEXT   NOT NULL,
  PRIMARY KEY (room_id, number)
);

-- The state of a match after a number of actions.
CREATE TABLE match_snapshot (
  room_id TEXT   NOT NULL,
  number  BIGINT NOT NULL,
  state   TEXT   NOT NULL,
  -- SHA-256 of the state, in hexadecimal
  digest  TEXT   NOT NULL,
  PRIMARY KEY (room_id, number)
);

-- The open sockets of rooms; a row is valid as long as the run of the node is alive.
CREATE TABLE match_socket (
  socket_id TEXT   NOT NULL PRIMARY KEY,
  room_id   TEXT   NOT NULL,
  user_key  TEXT   NOT NULL,
  -- the player of the game; null for a socket of the lobby
  player    TEXT,
  run       BIGINT NOT NULL
);

CREATE INDEX match_socket_room ON match_socket (room_id);
CREATE INDEX match_socket_run ON match_socket (run);
