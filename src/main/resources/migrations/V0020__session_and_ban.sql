-- Sessions get a number beside their name: what lists of them show, and what one is ended by. The
-- name stays between the server and its tokens.
CREATE TABLE numbered_session (
  number      ${identity},
  id          TEXT    NOT NULL,
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

INSERT INTO numbered_session (id, player_id, kind, created_ms, used_ms, expires_ms, generation,
  ended_ms, user_agent, address)
SELECT id, player_id, kind, created_ms, used_ms, expires_ms, generation, ended_ms, user_agent,
  address
FROM session
ORDER BY created_ms, id;

DROP TABLE session;
ALTER TABLE numbered_session RENAME TO session;

-- No foreign key: each check would cost a sign-in more than the row itself, and a session without a
-- player is refused anyway.
CREATE UNIQUE INDEX session_id ON session (id);
CREATE INDEX session_player ON session (player_id) WHERE ended_ms IS NULL;
CREATE INDEX session_ended ON session (ended_ms, id) WHERE ended_ms IS NOT NULL;
CREATE INDEX session_expires ON session (expires_ms);

-- Who is kept out, since when, why, and until when; the last is null for good.
ALTER TABLE player ADD COLUMN banned_ms BIGINT;
ALTER TABLE player ADD COLUMN banned_until_ms BIGINT;
ALTER TABLE player ADD COLUMN ban_reason TEXT;
CREATE INDEX player_banned ON player (id) WHERE banned_ms IS NOT NULL;
