-- Codes that stand for a press of a passkey where a program or a terminal has none. Each is good for
-- one time, and an admin has one at most.
CREATE TABLE console_api_code (
  player_id  BIGINT NOT NULL PRIMARY KEY,
  digest     TEXT   NOT NULL,
  -- the session of the console in which it was made; it ends with that one
  session    TEXT   NOT NULL,
  expires_ms BIGINT NOT NULL
);

CREATE INDEX console_api_code_expires ON console_api_code (expires_ms);
