-- Which runs of nodes live, and what is theirs. A run is one row of node, from its start until
-- nothing refers to it any more.

-- Written anew below: what it says is true only as long as a node runs.
DROP TABLE presence;
DROP TABLE presence_node;
DROP TABLE lease_holder;
DROP TABLE lease;
DROP TABLE spectator;
UPDATE player SET online = 0 WHERE online = 1;

ALTER TABLE node DROP COLUMN heartbeat_ms;
ALTER TABLE node DROP COLUMN swept_ms;
-- Raised by its node alone; one that others see standing still belongs to a node that is gone.
ALTER TABLE node ADD COLUMN beat BIGINT NOT NULL DEFAULT 0;
-- Goes from 1 to 0 once, and whatever the run held is then free.
ALTER TABLE node ADD COLUMN alive INTEGER NOT NULL DEFAULT 1;
-- Whether somebody has posted what the run committed above posted_upto.
ALTER TABLE node ADD COLUMN swept INTEGER NOT NULL DEFAULT 0;
-- For those who look after the nodes.
ALTER TABLE node ADD COLUMN version TEXT NOT NULL DEFAULT '';
ALTER TABLE node ADD COLUMN started_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE node ADD COLUMN sockets BIGINT NOT NULL DEFAULT 0;
ALTER TABLE node ADD COLUMN players BIGINT NOT NULL DEFAULT 0;

-- Who owns state that lives in memory: a lease is held as long as its run is alive. 0 is nobody.
CREATE TABLE lease (
  name  TEXT   NOT NULL PRIMARY KEY,
  run   BIGINT NOT NULL,
  -- which tenure this is; every write of an owner is made under it
  epoch BIGINT NOT NULL
)${by_key};

CREATE INDEX lease_of_run ON lease (run, name);

-- Where a player is: a row as long as he has a connection to that run, and for a moment more, in
-- which he may come back. player.online is 1 exactly while he has a row; both change in one
-- transaction that holds the player's row.
CREATE TABLE presence (
  player_id BIGINT NOT NULL,
  run       BIGINT NOT NULL,
  -- how often he arrived there
  arrivals  BIGINT NOT NULL,
  PRIMARY KEY (player_id, run)
)${by_key};

CREATE INDEX presence_of_run ON presence (run, player_id);

-- Connections that follow a lobby their player is not in, until they end or their run does.
CREATE TABLE spectator (
  connection TEXT   NOT NULL PRIMARY KEY,
  lobby_id   BIGINT NOT NULL REFERENCES lobby (id) ON DELETE CASCADE,
  player_id  BIGINT NOT NULL,
  run        BIGINT NOT NULL
);

CREATE INDEX spectator_lobby ON spectator (lobby_id);
CREATE INDEX spectator_run ON spectator (run);
