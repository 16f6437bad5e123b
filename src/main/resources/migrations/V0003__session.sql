-- One row for each sign-in; its tokens name it. Kept until it expires, ended or not.
CREATE TABLE session (
  id          TEXT    NOT NULL PRIMARY KEY,
  player_id   BIGINT  NOT NULL,
  -- which way in: device, password, register
  kind        TEXT    NOT NULL,
  created_ms  BIGINT  NOT NULL,
  used_ms     BIGINT  NOT NULL,
  expires_ms  BIGINT  NOT NULL,
  -- how often it was refreshed; a refresh token of an older generation is spent
  generation  BIGINT  NOT NULL DEFAULT 0,
  ended_ms    BIGINT,
  user_agent  TEXT    NOT NULL,
  address     TEXT    NOT NULL
);

-- No foreign key: each check would cost a sign-in more than the row itself, and a session without a
-- player is refused anyway.
CREATE INDEX session_player ON session (player_id) WHERE ended_ms IS NULL;
CREATE INDEX session_ended ON session (ended_ms, id) WHERE ended_ms IS NOT NULL;
CREATE INDEX session_expires ON session (expires_ms);
