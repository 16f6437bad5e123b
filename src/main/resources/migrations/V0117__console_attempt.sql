-- Attempts to guess a code of the console, counted for all nodes.
CREATE TABLE console_attempt (
  -- whose code, and of which kind
  name      TEXT   NOT NULL PRIMARY KEY,
  attempts  BIGINT NOT NULL,
  -- when the next one is allowed
  next_ms   BIGINT NOT NULL,
  -- when all are forgotten
  forget_ms BIGINT NOT NULL
);

CREATE INDEX console_attempt_by_end ON console_attempt (forget_ms);

-- Failed sign-ins to the console with the account of an admin, since the first of them.
CREATE TABLE console_failure (
  player_id BIGINT NOT NULL PRIMARY KEY,
  failures  BIGINT NOT NULL,
  first_ms  BIGINT NOT NULL,
  last_ms   BIGINT NOT NULL
);
