-- Friendships as directed edges: from the player who asked to the player who was asked. Of each
-- direction between two players there is at most one.
CREATE TABLE friendship (
  id           ${identity},
  requester_id BIGINT NOT NULL REFERENCES player (id) ON DELETE CASCADE,
  target_id    BIGINT NOT NULL REFERENCES player (id) ON DELETE CASCADE,
  -- pending, accepted, rejected by the target, or blocked by the target
  state        TEXT   NOT NULL,
  created_ms   BIGINT NOT NULL,
  -- of the last change of the state
  changed_ms   BIGINT NOT NULL
);

CREATE UNIQUE INDEX friendship_pair ON friendship (requester_id, target_id);
CREATE INDEX friendship_requester ON friendship (requester_id, state, id);
CREATE INDEX friendship_target ON friendship (target_id, state, id);
