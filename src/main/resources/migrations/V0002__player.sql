-- Players: one table for every wire and every way in.
CREATE TABLE player (
  id            ${identity},
  uuid          TEXT    NOT NULL,
  -- lower-cased
  email         TEXT,
  password_hash TEXT,
  device_id     TEXT,
  display_name  TEXT    NOT NULL DEFAULT '',
  -- display_name lower-cased by the server, because databases differ beyond ASCII
  name_key      TEXT${by_code_point} NOT NULL DEFAULT '',
  profile_url   TEXT    NOT NULL DEFAULT '',
  metadata      TEXT    NOT NULL DEFAULT '{}',
  admin         INTEGER NOT NULL DEFAULT 0,
  online        INTEGER NOT NULL DEFAULT 0,
  last_seen_ms  BIGINT  NOT NULL DEFAULT 0,
  -- the one lobby and the one party a player can be in
  lobby_id      BIGINT,
  party_id      BIGINT,
  google_id     TEXT,
  facebook_id   TEXT,
  discord_id    TEXT,
  apple_id      TEXT,
  steam_id      TEXT,
  created_ms    BIGINT  NOT NULL,
  updated_ms    BIGINT  NOT NULL,
  revision      BIGINT  NOT NULL DEFAULT 1
)${often_updated};

CREATE UNIQUE INDEX player_email ON player (email) WHERE email IS NOT NULL;
CREATE UNIQUE INDEX player_device ON player (device_id) WHERE device_id IS NOT NULL;
CREATE UNIQUE INDEX player_google ON player (google_id) WHERE google_id IS NOT NULL;
CREATE UNIQUE INDEX player_facebook ON player (facebook_id) WHERE facebook_id IS NOT NULL;
CREATE UNIQUE INDEX player_discord ON player (discord_id) WHERE discord_id IS NOT NULL;
CREATE UNIQUE INDEX player_apple ON player (apple_id) WHERE apple_id IS NOT NULL;
CREATE UNIQUE INDEX player_steam ON player (steam_id) WHERE steam_id IS NOT NULL;
CREATE INDEX player_lobby ON player (lobby_id, id) WHERE lobby_id IS NOT NULL;
CREATE INDEX player_name ON player (name_key) WHERE name_key <> '';

-- Its one row is put by whoever creates the first player, who becomes admin; every later attempt
-- meets it, on whichever node, even when the first player is gone.
CREATE TABLE first_player (
  one INTEGER PRIMARY KEY CHECK (one = 1)
);
