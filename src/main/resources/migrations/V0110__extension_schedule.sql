-- Jobs of extensions that run at certain times, once in the cluster.
CREATE TABLE extension_schedule (
  extension  TEXT   NOT NULL,
  name       TEXT   NOT NULL,
  -- as a cron expression
  schedule   TEXT   NOT NULL,
  -- the last time of the schedule that a node has claimed, or when the job was added
  period_ms  BIGINT NOT NULL,
  -- the run of the node that carries it out now
  run        BIGINT,
  -- of the last run; null if there was none
  started_ms BIGINT,
  ended_ms   BIGINT,
  -- why the last run failed; null if it did not
  error      TEXT,
  PRIMARY KEY (extension, name)
)${by_key}${often_updated};
