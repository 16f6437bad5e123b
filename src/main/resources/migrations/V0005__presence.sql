-- On which nodes a player is: a row as long as he has a connection there. player.online is 1 exactly
-- while he has a row; both change in one transaction that holds the player's row.
CREATE TABLE presence (
  player_id BIGINT NOT NULL,
  node      TEXT   NOT NULL,
  -- the run of the node that wrote it
  epoch     BIGINT NOT NULL,
  -- how often he arrived there
  arrivals  BIGINT NOT NULL,
  PRIMARY KEY (player_id, node)
)${by_key};

CREATE INDEX presence_at_node ON presence (node, epoch, player_id);

-- The present run of each node. One that is silent for long is no longer alive: its players are
-- shown out, and then it is forgotten.
CREATE TABLE presence_node (
  node    TEXT    NOT NULL PRIMARY KEY,
  epoch   BIGINT  NOT NULL,
  alive   INTEGER NOT NULL,
  seen_ms BIGINT  NOT NULL
)${by_key};
