-- How many groups there are, by type. Each group is counted in one of a few rows, so that those who
-- create groups at the same time seldom wait for each other.
CREATE TABLE group_total (
  shard INTEGER NOT NULL,
  type  TEXT    NOT NULL,
  total BIGINT  NOT NULL,
  PRIMARY KEY (shard, type)
)${by_key};

INSERT INTO group_total (shard, type, total)
SELECT CAST(id % 16 AS INTEGER), type, COUNT(*) FROM player_group WHERE closed_ms IS NULL
GROUP BY id % 16, type;
