-- Links by which a player gets a role, each of them once.
CREATE TABLE console_invite (
  id         TEXT   NOT NULL PRIMARY KEY,
  -- of the token in the link
  digest     TEXT   NOT NULL,
  role       TEXT   NOT NULL,
  -- empty where the link was copied
  email      TEXT   NOT NULL,
  player_id  BIGINT NOT NULL,
  created_ms BIGINT NOT NULL,
  expires_ms BIGINT NOT NULL,
  -- when the role ends by itself; null for never
  until_ms   BIGINT
);

CREATE UNIQUE INDEX console_invite_by_digest ON console_invite (digest);
CREATE INDEX console_invite_by_player ON console_invite (player_id);
