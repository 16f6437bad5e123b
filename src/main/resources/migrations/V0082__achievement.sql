-- What players can achieve.
CREATE TABLE achievement (
  id              ${identity},
  slug            TEXT    NOT NULL UNIQUE,
  title           TEXT    NOT NULL,
  description     TEXT    NOT NULL,
  icon_url        TEXT    NOT NULL,
  sort_order      INTEGER NOT NULL,
  hidden          INTEGER NOT NULL,
  progress_target INTEGER NOT NULL,
  metadata        TEXT    NOT NULL,
  created_ms      BIGINT  NOT NULL,
  updated_ms      BIGINT  NOT NULL
);

-- The progress of players; none without a row.
CREATE TABLE player_achievement (
  id             ${identity},
  player_id      BIGINT  NOT NULL REFERENCES player (id) ON DELETE CASCADE,
  achievement_id BIGINT  NOT NULL REFERENCES achievement (id) ON DELETE CASCADE,
  progress       INTEGER NOT NULL,
  -- null until it is unlocked
  unlocked_ms    BIGINT,
  created_ms     BIGINT  NOT NULL,
  updated_ms     BIGINT  NOT NULL
);

CREATE UNIQUE INDEX player_achievement_pair ON player_achievement (player_id, achievement_id);
CREATE INDEX player_achievement_unlocked ON player_achievement (player_id, unlocked_ms, id)
  WHERE unlocked_ms IS NOT NULL;
CREATE INDEX player_achievement_of ON player_achievement (achievement_id);

-- How many players have unlocked an achievement, as the sum of several rows: players who unlock the
-- same one at the same time then do not all wait for one row.
CREATE TABLE achievement_count (
  achievement_id BIGINT  NOT NULL REFERENCES achievement (id) ON DELETE CASCADE,
  part           INTEGER NOT NULL,
  unlocked       BIGINT  NOT NULL,
  PRIMARY KEY (achievement_id, part)
)${by_key};
