-- The passkeys of admins.
CREATE TABLE console_passkey (
  -- of the credential, in base 64
  id              TEXT    NOT NULL PRIMARY KEY,
  player_id       BIGINT  NOT NULL,
  name            TEXT    NOT NULL,
  -- the attested credential data with the public key, in base 64
  credential      TEXT    NOT NULL,
  -- of signatures, as the authenticator counts them; 0 if it does not
  counter         BIGINT  NOT NULL,
  backup_eligible INTEGER NOT NULL,
  created_ms      BIGINT  NOT NULL,
  -- 0 if never
  used_ms         BIGINT  NOT NULL
);

CREATE INDEX console_passkey_player ON console_passkey (player_id);

-- What authenticators sign; each is good for one time.
CREATE TABLE console_challenge (
  digest     TEXT   NOT NULL PRIMARY KEY,
  -- of the cookie of the browser that asked
  browser    TEXT   NOT NULL,
  -- "register" or "use"
  purpose    TEXT   NOT NULL,
  -- null for whoever signs in
  player_id  BIGINT,
  network    TEXT   NOT NULL,
  expires_ms BIGINT NOT NULL
);

CREATE INDEX console_challenge_network ON console_challenge (network);
CREATE INDEX console_challenge_expires ON console_challenge (expires_ms);
