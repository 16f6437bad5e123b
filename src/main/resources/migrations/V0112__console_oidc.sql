-- How sessions of the console were opened that were not opened with a password: "passkey", "oidc",
-- or "oidc_factor" if the identity provider of admins has asked for a second factor.
CREATE TABLE console_session_method (
  -- of the session, which may have ended
  digest     TEXT   NOT NULL PRIMARY KEY,
  method     TEXT   NOT NULL,
  -- when the session ends at the latest
  expires_ms BIGINT NOT NULL
);

CREATE INDEX console_session_method_expires ON console_session_method (expires_ms);

-- Sign-ins of admins that are on their way to their identity provider and back.
CREATE TABLE console_oidc_flow (
  -- of the state parameter
  digest     TEXT    NOT NULL PRIMARY KEY,
  verifier   TEXT    NOT NULL,
  nonce      TEXT    NOT NULL,
  -- of the cookie of the browser that began
  browser    TEXT    NOT NULL,
  return_to  TEXT    NOT NULL,
  -- 1 if the provider must ask for the credentials again
  fresh      INTEGER NOT NULL,
  network    TEXT    NOT NULL,
  expires_ms BIGINT  NOT NULL
);

CREATE INDEX console_oidc_flow_network ON console_oidc_flow (network);
CREATE INDEX console_oidc_flow_expires ON console_oidc_flow (expires_ms);

-- The roles that players have by their groups at the identity provider. It counts while the player
-- has that role and no admin gave it.
CREATE TABLE console_oidc_role (
  player_id BIGINT NOT NULL PRIMARY KEY,
  role      TEXT   NOT NULL
);

-- The sessions of players that began at the identity provider of admins.
CREATE TABLE console_oidc_session (
  session      TEXT    NOT NULL PRIMARY KEY,
  player_id    BIGINT  NOT NULL,
  -- 1 if the provider has asked for a second factor
  factor       INTEGER NOT NULL,
  signed_in_ms BIGINT  NOT NULL
);

CREATE INDEX console_oidc_session_player ON console_oidc_session (player_id);
CREATE INDEX console_oidc_session_time ON console_oidc_session (signed_in_ms);
