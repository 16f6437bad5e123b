-- Changes of profiles that a control plane has not confirmed yet. Stored with the record that causes
-- them, sent in their order for each user and game, and deleted when they are confirmed.
CREATE TABLE match_profile_call (
  id                 ${identity},
  room_id            TEXT   NOT NULL,
  -- the id of an action, or "end" for the settlement of a match
  commit_key         TEXT   NOT NULL,
  player             TEXT   NOT NULL,
  user_key           TEXT   NOT NULL,
  game_key           TEXT   NOT NULL,
  deployment_version TEXT   NOT NULL,
  schema_version     TEXT   NOT NULL,
  -- JSON: the operations
  delta              TEXT   NOT NULL,
  -- the revision of the profile that the control plane has named; null for none
  expected_revision  BIGINT,
  attempts           BIGINT NOT NULL,
  created_ms         BIGINT NOT NULL,
  next_ms            BIGINT NOT NULL,
  -- when it was given up, and why; null while it is tried
  parked_ms          BIGINT,
  reason             TEXT
);

CREATE INDEX match_profile_call_next ON match_profile_call (next_ms) WHERE parked_ms IS NULL;
CREATE INDEX match_profile_call_user ON match_profile_call (user_key, game_key, id);
CREATE INDEX match_profile_call_parked ON match_profile_call (parked_ms) WHERE parked_ms IS NOT NULL;
