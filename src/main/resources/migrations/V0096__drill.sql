-- Drills: faults that admins cause on purpose, with what was measured.
CREATE TABLE drill (
  id           ${identity},
  node         TEXT   NOT NULL,
  run          BIGINT NOT NULL,
  -- stop or pause
  fault        TEXT   NOT NULL,
  -- preparing, running, done or failed
  state        TEXT   NOT NULL,
  problem      TEXT   NOT NULL,
  admin_id     BIGINT,
  -- what the node owned, and the players who were connected to it, just before the fault
  owned        BIGINT NOT NULL,
  players      BIGINT NOT NULL,
  resumed      BIGINT NOT NULL,
  -- messages of the probe stream that were committed, and those that arrived once or more often
  acknowledged BIGINT NOT NULL,
  received     BIGINT NOT NULL,
  repeats      BIGINT NOT NULL,
  -- what the node tried to write as the owner when it was not any more
  refused      BIGINT NOT NULL,
  taken_by     TEXT   NOT NULL,
  created_ms   BIGINT NOT NULL,
  fault_ms     BIGINT,
  detected_ms  BIGINT,
  taken_ms     BIGINT,
  first_ms     BIGINT,
  ended_ms     BIGINT,
  -- 'drill' while it is not finished, so that there is one at a time
  active_key   TEXT
);

CREATE UNIQUE INDEX drill_active ON drill (active_key);

CREATE TABLE drill_player (
  drill_id  BIGINT NOT NULL,
  player_id BIGINT NOT NULL,
  PRIMARY KEY (drill_id, player_id)
);
