-- Players who may not write messages until a time.
CREATE TABLE chat_mute (
  player_id  BIGINT NOT NULL PRIMARY KEY,
  admin_id   BIGINT NOT NULL,
  -- for admins; the player is not told
  reason     TEXT   NOT NULL,
  until_ms   BIGINT NOT NULL,
  created_ms BIGINT NOT NULL
);

CREATE INDEX chat_mute_until ON chat_mute (until_ms);

-- Messages and players that were reported, or messages that a filter has flagged; one row for each.
CREATE TABLE chat_case (
  id         ${identity},
  -- message:12 or player:7
  subject    TEXT   NOT NULL,
  -- the player who is reported, the sender of the message
  player_id  BIGINT NOT NULL,
  -- the message and its conversation, as in chat_message; 0 and empty for a player
  message_id BIGINT NOT NULL,
  kind       TEXT   NOT NULL,
  ref        BIGINT NOT NULL,
  -- the text when it was reported first
  content    TEXT   NOT NULL,
  reports    BIGINT NOT NULL,
  -- the filter rule that flagged it last; empty if none did
  rule       TEXT   NOT NULL,
  -- open or closed, and by whom and how
  state      TEXT   NOT NULL,
  decision   TEXT   NOT NULL,
  decided_by BIGINT NOT NULL,
  created_ms BIGINT NOT NULL,
  changed_ms BIGINT NOT NULL
);

CREATE UNIQUE INDEX chat_case_subject ON chat_case (subject);
CREATE INDEX chat_case_state ON chat_case (state, id);
CREATE INDEX chat_case_player ON chat_case (player_id, id);
CREATE INDEX chat_case_swept ON chat_case (changed_ms) WHERE state = 'closed' OR reports = 0;

-- What players have reported, each message or player once.
CREATE TABLE chat_report (
  case_id     BIGINT NOT NULL,
  reporter_id BIGINT NOT NULL,
  reason      TEXT   NOT NULL,
  text        TEXT   NOT NULL,
  created_ms  BIGINT NOT NULL,
  PRIMARY KEY (case_id, reporter_id)
);

CREATE INDEX chat_report_by_reporter ON chat_report (reporter_id, created_ms);
