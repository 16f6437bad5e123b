-- What the filter of messages looks for, and what it does with messages that have it.
CREATE TABLE chat_filter (
  id         ${identity},
  -- words with spaces between them; * stands for any characters of a word
  pattern    TEXT   NOT NULL,
  -- refuse, mask or flag
  action     TEXT   NOT NULL,
  -- kinds of conversations with spaces between them; empty for all
  kinds      TEXT   NOT NULL,
  -- who changed it last
  admin_id   BIGINT NOT NULL,
  created_ms BIGINT NOT NULL,
  updated_ms BIGINT NOT NULL
);

-- Its row, the only one, counts the changes of all rules, so that nodes see cheaply whether there was one.
CREATE TABLE chat_filter_change (
  one      INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
  revision BIGINT  NOT NULL
);
