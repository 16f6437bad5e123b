-- What admins write down about players, for each other.
CREATE TABLE player_note (
  id         ${identity},
  player_id  BIGINT NOT NULL,
  author_id  BIGINT NOT NULL,
  text       TEXT   NOT NULL,
  created_ms BIGINT NOT NULL
);

CREATE INDEX player_note_by_player ON player_note (player_id, id);
