-- Lobbies. Who is in one is said by player.lobby_id; members counts them, in the same transaction.
CREATE TABLE lobby (
  id            ${identity},
  title         TEXT    NOT NULL,
  -- title lower-cased by the server, because databases differ beyond ASCII
  title_key     TEXT    NOT NULL,
  -- a member, or null when hostless
  host_id       BIGINT,
  hostless      INTEGER NOT NULL,
  seats_max     INTEGER NOT NULL,
  hidden        INTEGER NOT NULL,
  locked        INTEGER NOT NULL,
  password_hash TEXT,
  metadata      TEXT    NOT NULL,
  slowdown_s    INTEGER NOT NULL,
  members       INTEGER NOT NULL CHECK (members >= 0 AND members <= seats_max),
  revision      BIGINT  NOT NULL,
  created_ms    BIGINT  NOT NULL,
  -- A closed lobby is gone for everybody; its row waits until what hangs on it is swept.
  closed_ms     BIGINT,
  -- Whether a quick join may come in. A column of its own, so that the index on it is left alone by
  -- all the joins that do not take the last seat.
  joinable      INTEGER GENERATED ALWAYS AS (
    CASE WHEN hidden = 0 AND locked = 0 AND password_hash IS NULL AND closed_ms IS NULL
              AND members < seats_max
         THEN 1 ELSE 0 END) STORED
);

CREATE INDEX lobby_joinable ON lobby (id) WHERE joinable = 1;
CREATE INDEX lobby_closed ON lobby (id) WHERE closed_ms IS NOT NULL;

-- Connections that follow a lobby their player is not in, until they end or their node does.
CREATE TABLE spectator (
  connection TEXT   NOT NULL PRIMARY KEY,
  lobby_id   BIGINT NOT NULL REFERENCES lobby (id) ON DELETE CASCADE,
  player_id  BIGINT NOT NULL,
  node       TEXT   NOT NULL
);

CREATE INDEX spectator_lobby ON spectator (lobby_id);
CREATE INDEX spectator_node ON spectator (node);
