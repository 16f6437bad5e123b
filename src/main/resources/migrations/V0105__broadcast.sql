-- Notifications of admins to many players, which go on when the node that sends them dies.
CREATE TABLE broadcast (
  id         ${identity},
  -- who wrote it, and in whose name it is sent
  admin_id   BIGINT NOT NULL,
  sender_id  BIGINT NOT NULL,
  -- all, online or players
  audience   TEXT   NOT NULL,
  -- a JSON array of the ids of players, ascending; empty for other audiences
  recipients TEXT   NOT NULL,
  title      TEXT   NOT NULL,
  content    TEXT   NOT NULL,
  metadata   TEXT   NOT NULL,
  -- JSON: title and content by language
  variants   TEXT   NOT NULL,
  -- open, done, cancelled or stopped
  state      TEXT   NOT NULL,
  -- how many players are expected, were reached, and have got it
  total      BIGINT NOT NULL,
  reached    BIGINT NOT NULL,
  delivered  BIGINT NOT NULL,
  -- the player who was reached last, and the last one who is
  after_id   BIGINT NOT NULL,
  upto_id    BIGINT NOT NULL,
  starts_ms  BIGINT NOT NULL,
  created_ms BIGINT NOT NULL,
  -- 0 while it is open
  ended_ms   BIGINT NOT NULL
);

CREATE INDEX broadcast_open ON broadcast (starts_ms, id) WHERE state = 'open';
CREATE INDEX broadcast_ended ON broadcast (ended_ms, id) WHERE state <> 'open';

-- The notifications of a broadcast that were read, to count them.
CREATE INDEX notification_broadcast_read ON notification (subject) WHERE code = 701 AND is_read = 1;
