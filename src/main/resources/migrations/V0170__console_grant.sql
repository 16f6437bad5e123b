-- The roles of players on the server. A player without a row has the role "admin" if player.admin
-- is 1, which nodes of an earlier release set alone.
CREATE TABLE console_grant (
  player_id  BIGINT NOT NULL PRIMARY KEY,
  -- "owner", "admin", "moderator", "analyst" or "viewer"
  role       TEXT   NOT NULL,
  -- null for the server itself
  granted_by BIGINT,
  granted_ms BIGINT NOT NULL
);

INSERT INTO console_grant (player_id, role, granted_by, granted_ms)
SELECT id, 'admin', NULL, created_ms FROM player WHERE admin = 1;

-- What is true of the console as a whole: "owned" once there was an owner. The row "grants" is the
-- lock under which roles change.
CREATE TABLE console_state (
  name  TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
);
