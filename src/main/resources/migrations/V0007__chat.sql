-- Messages of every kind of conversation; ref is the id of the thing of that kind.
CREATE TABLE chat_message (
  id         ${identity},
  kind       TEXT   NOT NULL,
  ref        BIGINT NOT NULL,
  sender_id  BIGINT NOT NULL REFERENCES player (id) ON DELETE CASCADE,
  content    TEXT   NOT NULL,
  metadata   TEXT   NOT NULL,
  created_ms BIGINT NOT NULL,
  updated_ms BIGINT NOT NULL
);

CREATE INDEX chat_message_conversation ON chat_message (kind, ref, id);
CREATE INDEX chat_message_sender ON chat_message (sender_id);

-- Up to which message a player has read; null for not at all.
CREATE TABLE chat_read (
  kind       TEXT   NOT NULL,
  ref        BIGINT NOT NULL,
  player_id  BIGINT NOT NULL REFERENCES player (id) ON DELETE CASCADE,
  message_id BIGINT,
  updated_ms BIGINT NOT NULL,
  PRIMARY KEY (kind, ref, player_id)
);

CREATE INDEX chat_read_player ON chat_read (player_id);

-- When a player last wrote where one has to wait between two messages.
CREATE TABLE chat_pace (
  kind       TEXT   NOT NULL,
  ref        BIGINT NOT NULL,
  player_id  BIGINT NOT NULL REFERENCES player (id) ON DELETE CASCADE,
  sent_ms    BIGINT NOT NULL,
  PRIMARY KEY (kind, ref, player_id)
);

CREATE INDEX chat_pace_player ON chat_pace (player_id);
