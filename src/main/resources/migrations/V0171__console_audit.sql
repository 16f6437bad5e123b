-- What admins did, one chain of rows for each run of a node: the hash of a row covers the hash of
-- the row before it.
CREATE TABLE console_audit (
  run        BIGINT NOT NULL,
  number     BIGINT NOT NULL,
  at_ms      BIGINT NOT NULL,
  -- "console", "api" or "system"
  actor      TEXT   NOT NULL,
  player_id  BIGINT,
  session    TEXT   NOT NULL,
  address    TEXT   NOT NULL,
  permission TEXT   NOT NULL,
  action     TEXT   NOT NULL,
  target     TEXT   NOT NULL,
  reason     TEXT   NOT NULL,
  -- JSON, without personal values and secrets
  details    TEXT   NOT NULL,
  request_id TEXT   NOT NULL,
  -- "done", or the code of the refusal
  result     TEXT   NOT NULL,
  hash       TEXT   NOT NULL,
  PRIMARY KEY (run, number)
);

CREATE INDEX console_audit_by_time ON console_audit (at_ms, run, number);
CREATE INDEX console_audit_by_player ON console_audit (player_id, at_ms, run, number);

-- The end of each chain, and the last row of it that was removed when its time was over.
CREATE TABLE console_audit_chain (
  run          BIGINT NOT NULL PRIMARY KEY,
  number       BIGINT NOT NULL,
  hash         TEXT   NOT NULL,
  removed      BIGINT NOT NULL,
  removed_hash TEXT   NOT NULL
);
