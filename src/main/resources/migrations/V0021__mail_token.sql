-- What was mailed to somebody who has yet to come back with it. Only the digest of a token is kept.
CREATE TABLE mail_token (
  digest     TEXT   NOT NULL PRIMARY KEY,
  -- what it is good for: register, sign_in, reset, change
  kind       TEXT   NOT NULL,
  -- where it was sent, lower-cased
  email      TEXT   NOT NULL,
  -- null for one who is no player yet
  player_id  BIGINT,
  -- of a registration: what becomes of it, as JSON
  payload    TEXT   NOT NULL,
  created_ms BIGINT NOT NULL,
  expires_ms BIGINT NOT NULL
)${by_key};

CREATE INDEX mail_token_email ON mail_token (email, kind);
CREATE INDEX mail_token_expires ON mail_token (expires_ms);

-- Since when it is known that the player reads what is sent to his address.
ALTER TABLE player ADD COLUMN email_confirmed_ms BIGINT;
