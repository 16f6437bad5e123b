-- Load tests that admins have run, the latest 50.
CREATE TABLE load_run (
  id           ${identity},
  scenario     TEXT    NOT NULL,
  -- that started the process
  node         TEXT    NOT NULL,
  player_count BIGINT  NOT NULL,
  ramp_ms      BIGINT  NOT NULL,
  time_ms      BIGINT  NOT NULL,
  p99_max_ms   BIGINT  NOT NULL,
  -- 1 if its players are deleted at its end
  removes      INTEGER NOT NULL,
  admin_id     BIGINT  NOT NULL,
  -- asked, running, stopping, ended or removing
  state        TEXT    NOT NULL,
  -- the same for all that have not ended, so that there is one
  open_key     TEXT,
  started_ms   BIGINT  NOT NULL,
  updated_ms   BIGINT  NOT NULL,
  -- 0 while it has not ended
  ended_ms     BIGINT  NOT NULL,
  outcome      TEXT    NOT NULL,
  problem      TEXT    NOT NULL,
  unit         TEXT    NOT NULL,
  -- units in a second, in thousandths
  rate_milli   BIGINT  NOT NULL,
  p50_us       BIGINT  NOT NULL,
  p99_us       BIGINT  NOT NULL,
  answered     BIGINT  NOT NULL,
  errors       BIGINT  NOT NULL
);

CREATE UNIQUE INDEX load_run_open ON load_run (open_key);
CREATE INDEX load_run_by_state ON load_run (state, id);

-- What generator and node showed in each second of a run; -1 for what is not known.
CREATE TABLE load_second (
  run_id                BIGINT NOT NULL,
  second                BIGINT NOT NULL,
  requests_milli        BIGINT NOT NULL,
  p99_us                BIGINT NOT NULL,
  errors                BIGINT NOT NULL,
  server_requests_milli BIGINT NOT NULL,
  server_p99_us         BIGINT NOT NULL,
  lag_us                BIGINT NOT NULL,
  cpu_milli             BIGINT NOT NULL,
  PRIMARY KEY (run_id, second)
)${by_key};

-- Players of a run who are not deleted yet.
CREATE TABLE load_player (
  run_id    BIGINT NOT NULL,
  player_id BIGINT NOT NULL,
  PRIMARY KEY (run_id, player_id)
)${by_key};
