-- Orders of the public list of groups.
CREATE INDEX player_group_updated ON player_group (updated_ms, id) WHERE closed_ms IS NULL;
CREATE INDEX player_group_size ON player_group (members_max, id) WHERE closed_ms IS NULL;

-- A notification to all members of a group that is not yet stored for each of them.
CREATE TABLE group_notice (
  id              ${identity},
  group_id        BIGINT NOT NULL REFERENCES player_group (id) ON DELETE CASCADE,
  sender_id       BIGINT NOT NULL,
  title           TEXT   NOT NULL,
  content         TEXT   NOT NULL,
  metadata        TEXT   NOT NULL,
  -- the members up to this id have it
  after_player_id BIGINT NOT NULL,
  created_ms      BIGINT NOT NULL
);

CREATE INDEX group_notice_group ON group_notice (group_id);
CREATE INDEX group_notice_sender ON group_notice (sender_id);
