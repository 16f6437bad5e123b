-- Actions of admins on many rows of a list, which go on when the node that carries them out dies.
CREATE TABLE bulk_job (
  id          ${identity},
  admin_id    BIGINT NOT NULL,
  -- the path of the list, such as /admin/users
  list        TEXT   NOT NULL,
  -- what is done to each row, such as players.ban
  action      TEXT   NOT NULL,
  -- what was searched for
  query       TEXT   NOT NULL,
  -- JSON: what the admin has typed for the action
  input       TEXT   NOT NULL,
  reason      TEXT   NOT NULL,
  -- of the request that started it, for the audit log
  session     TEXT   NOT NULL,
  address     TEXT   NOT NULL,
  request_id  TEXT   NOT NULL,
  -- selecting, ready, running, done, cancelled or stopped
  state       TEXT   NOT NULL,
  -- why it was stopped
  problem     TEXT   NOT NULL,
  -- the admin and the list while the job is not finished, so that there is one of them
  active_key  TEXT,
  total       BIGINT NOT NULL,
  done        BIGINT NOT NULL,
  refused     BIGINT NOT NULL,
  vanished    BIGINT NOT NULL,
  -- when it begins
  starts_ms   BIGINT NOT NULL,
  created_ms  BIGINT NOT NULL,
  changed_ms  BIGINT NOT NULL
);

CREATE UNIQUE INDEX bulk_job_active ON bulk_job (active_key);
CREATE INDEX bulk_job_by_state ON bulk_job (state, starts_ms);
CREATE INDEX bulk_job_by_admin ON bulk_job (admin_id, id);
CREATE INDEX bulk_job_by_time ON bulk_job (changed_ms, id);

-- The rows that were selected, and what became of each.
CREATE TABLE bulk_job_row (
  job_id BIGINT  NOT NULL,
  -- its place in the list
  place  BIGINT  NOT NULL,
  row_id BIGINT  NOT NULL,
  -- pending, tried, done, refused or vanished
  state  TEXT    NOT NULL,
  -- of the refusal
  code   TEXT    NOT NULL,
  PRIMARY KEY (job_id, place)
);

CREATE INDEX bulk_job_row_by_state ON bulk_job_row (job_id, state, place);
