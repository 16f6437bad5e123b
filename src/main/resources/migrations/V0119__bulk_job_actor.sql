-- Who started a job, as its entries in the audit log have it. A job without a row was started in the
-- console.
CREATE TABLE bulk_job_actor (
  job_id      BIGINT NOT NULL PRIMARY KEY,
  -- console, api or key
  actor_kind  TEXT   NOT NULL,
  -- what an access key that started it may do at most, separated by spaces; null for an admin
  actor_limit TEXT
);
