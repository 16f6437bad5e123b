-- The kinds of notifications that a player does not want; what is not here is wanted.
CREATE TABLE notification_mute (
  player_id BIGINT  NOT NULL,
  code      INTEGER NOT NULL,
  PRIMARY KEY (player_id, code)
);
