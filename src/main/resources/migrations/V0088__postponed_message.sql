-- Messages that their recipients are not notified of yet, counted by sender. A row lasts until its
-- conversation may be notified again, a few seconds.
CREATE TABLE postponed_message (
  id        ${identity},
  kind      TEXT   NOT NULL,
  -- what the conversation belongs to; for direct messages the recipient
  ref       BIGINT NOT NULL,
  -- the last recipient who is notified already; 0 for none
  after_id  BIGINT NOT NULL,
  sender_id BIGINT NOT NULL,
  messages  BIGINT NOT NULL,
  due_ms    BIGINT NOT NULL
);

CREATE INDEX postponed_message_due ON postponed_message (due_ms, id);
CREATE INDEX postponed_message_ref ON postponed_message (kind, ref, after_id);
