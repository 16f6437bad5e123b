-- Guests of the Godra wire, who are no players. A row ends when nothing is heard of the guest.
CREATE TABLE guest_session (
  id         TEXT   NOT NULL PRIMARY KEY,
  created_ms BIGINT NOT NULL,
  -- after it their data is deleted, and then the row
  expires_ms BIGINT NOT NULL,
  -- when a node began to delete their data; 0 if none did
  claimed_ms BIGINT NOT NULL
);

CREATE INDEX guest_session_expires ON guest_session (expires_ms);

-- The games to which guests are connected.
CREATE TABLE guest_game (
  guest_id TEXT NOT NULL,
  game_id  TEXT NOT NULL,
  PRIMARY KEY (guest_id, game_id)
);
