-- Notices to players. The same sender writes over a notice by its title.
CREATE TABLE notification (
  id           ${identity},
  sender_id    BIGINT  NOT NULL,
  recipient_id BIGINT  NOT NULL,
  title        TEXT    NOT NULL,
  content      TEXT    NOT NULL DEFAULT '',
  metadata     TEXT    NOT NULL DEFAULT '{}',
  is_read      INTEGER NOT NULL DEFAULT 0,
  created_ms   BIGINT  NOT NULL,
  updated_ms   BIGINT  NOT NULL
);

CREATE UNIQUE INDEX notification_key ON notification (recipient_id, sender_id, title);
CREATE INDEX notification_order ON notification (recipient_id, created_ms, id);
CREATE INDEX notification_sender ON notification (sender_id);
