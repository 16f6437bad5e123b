-- Access keys of admins, for programs that use the API.
CREATE TABLE console_key (
  id          TEXT    NOT NULL PRIMARY KEY,
  -- of the secret
  digest      TEXT    NOT NULL,
  -- of the secret before the last rotation, which is valid until the time; null for none
  old_digest  TEXT,
  old_until_ms BIGINT,
  player_id   BIGINT  NOT NULL,
  name        TEXT    NOT NULL,
  -- separated by spaces
  permissions TEXT    NOT NULL,
  -- CIDR ranges separated by spaces; empty for any address
  networks    TEXT    NOT NULL,
  -- 1 if it may do what needs the second factor of a person
  dangerous   INTEGER NOT NULL,
  created_ms  BIGINT  NOT NULL,
  expires_ms  BIGINT  NOT NULL,
  -- 0 for never
  used_ms     BIGINT  NOT NULL,
  used_address TEXT   NOT NULL
);

CREATE UNIQUE INDEX console_key_by_digest ON console_key (digest);
CREATE INDEX console_key_by_old_digest ON console_key (old_digest);
CREATE INDEX console_key_by_player ON console_key (player_id);

-- How often a key was used, by day since 1970.
CREATE TABLE console_key_use (
  key_id TEXT   NOT NULL,
  day    BIGINT NOT NULL,
  calls  BIGINT NOT NULL,
  PRIMARY KEY (key_id, day)
);

-- When the second factor was given last in a session of the API.
CREATE TABLE console_api_factor (
  session   TEXT   NOT NULL PRIMARY KEY,
  player_id BIGINT NOT NULL,
  factor_ms BIGINT NOT NULL
);

CREATE INDEX console_api_factor_by_player ON console_api_factor (player_id);
