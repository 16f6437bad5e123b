-- Browsers that are signed in to the console, apart from the sessions of players.
CREATE TABLE console_session (
  -- of the token in the cookie
  digest     TEXT    NOT NULL PRIMARY KEY,
  player_id  BIGINT  NOT NULL,
  created_ms BIGINT  NOT NULL,
  used_ms    BIGINT  NOT NULL,
  expires_ms BIGINT  NOT NULL,
  idle_ms    BIGINT  NOT NULL,
  address    TEXT    NOT NULL,
  user_agent TEXT    NOT NULL,
  -- when the second factor was given last; 0 if never
  factor_ms  BIGINT  NOT NULL,
  -- 1 until a required second factor is set up
  enrolling  INTEGER NOT NULL
);

CREATE INDEX console_session_by_player ON console_session (player_id);

-- The second factor of admins.
CREATE TABLE console_factor (
  player_id    BIGINT  NOT NULL PRIMARY KEY,
  -- encrypted
  secret       TEXT    NOT NULL,
  -- the time step of the last code that was accepted, so that each is good once
  last_step    BIGINT  NOT NULL,
  confirmed    INTEGER NOT NULL,
  created_ms   BIGINT  NOT NULL
);

CREATE TABLE console_recovery_code (
  player_id BIGINT NOT NULL,
  digest    TEXT   NOT NULL,
  PRIMARY KEY (player_id, digest)
);

-- The codes by which the first owner proves that the machine is theirs, one for each node.
CREATE TABLE console_setup_code (
  node       TEXT   NOT NULL PRIMARY KEY,
  digest     TEXT   NOT NULL,
  created_ms BIGINT NOT NULL
);
