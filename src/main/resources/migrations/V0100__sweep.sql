-- The last run of each sweep: of what removes rows that are not needed any more.
CREATE TABLE sweep_run (
  sweep    TEXT   NOT NULL PRIMARY KEY,
  asked_ms BIGINT NOT NULL,
  ended_ms BIGINT NOT NULL,
  took_ms  BIGINT NOT NULL,
  removed  BIGINT NOT NULL,
  node     TEXT   NOT NULL,
  -- the code or the type of a failure; empty for none
  problem  TEXT   NOT NULL
)${by_key};

-- Runs of sweeps that admins asked for; the latest 20 of each sweep.
CREATE TABLE sweep_request (
  id       ${identity},
  sweep    TEXT   NOT NULL,
  -- the sweep while the run has not ended, so that there is one of them
  open_key TEXT,
  admin_id BIGINT NOT NULL,
  asked_ms BIGINT NOT NULL,
  -- 0 while it has not ended
  ended_ms BIGINT NOT NULL,
  took_ms  BIGINT NOT NULL,
  removed  BIGINT NOT NULL,
  node     TEXT   NOT NULL,
  problem  TEXT   NOT NULL
);

CREATE UNIQUE INDEX sweep_request_open ON sweep_request (open_key);
CREATE INDEX sweep_request_by_sweep ON sweep_request (sweep, id);
