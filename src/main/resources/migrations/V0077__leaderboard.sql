-- Boards: one row for each season. Seasons of one leaderboard share the slug.
CREATE TABLE leaderboard (
  id          ${identity},
  slug        TEXT   NOT NULL,
  title       TEXT   NOT NULL,
  description TEXT,
  -- asc: lower scores are better; desc: higher ones
  sort_order  TEXT   NOT NULL,
  -- set, best, incr or decr
  operator    TEXT   NOT NULL,
  starts_ms   BIGINT,
  ends_ms     BIGINT,
  metadata    TEXT   NOT NULL,
  -- cron expression of a recurring board
  reset       TEXT,
  -- 1 while a further season has to follow this one
  renews      INTEGER NOT NULL DEFAULT 0,
  created_ms  BIGINT NOT NULL,
  updated_ms  BIGINT NOT NULL,
  -- A deleted board is not shown any more; its records are removed a few at a time.
  deleted_ms  BIGINT
);

CREATE INDEX leaderboard_slug ON leaderboard (slug, created_ms, id);
CREATE INDEX leaderboard_renewal ON leaderboard (ends_ms) WHERE renews = 1;
CREATE INDEX leaderboard_deletion ON leaderboard (deleted_ms) WHERE deleted_ms IS NOT NULL;

-- Records. The players of them are no foreign key: a cascade would remove records without an event,
-- which the indexes in memory are kept current by.
CREATE TABLE leaderboard_record (
  id             ${identity},
  board_id       BIGINT NOT NULL REFERENCES leaderboard (id),
  -- exactly one of player and label is set
  player_id      BIGINT,
  label          TEXT,
  score          BIGINT NOT NULL,
  subscore       BIGINT NOT NULL,
  -- The score and subscore as they are sorted, ascending, best first: of a board that sorts
  -- descending with all bits inverted.
  order_score    BIGINT NOT NULL,
  order_subscore BIGINT NOT NULL,
  submissions    BIGINT NOT NULL,
  revision       BIGINT NOT NULL,
  metadata       TEXT   NOT NULL,
  created_ms     BIGINT NOT NULL,
  updated_ms     BIGINT NOT NULL
)${often_updated};

CREATE UNIQUE INDEX leaderboard_record_player ON leaderboard_record (board_id, player_id);
CREATE UNIQUE INDEX leaderboard_record_label ON leaderboard_record (board_id, label)
  WHERE label IS NOT NULL;
CREATE INDEX leaderboard_record_rank
  ON leaderboard_record (board_id, order_score, order_subscore, id);
