-- Players and conversations of which a player does not want to be notified.
CREATE TABLE personal_mute (
  player_id  BIGINT NOT NULL,
  -- player, or a kind of conversation: direct, group, party, lobby
  kind       TEXT   NOT NULL,
  -- the muted player, the other player of a direct conversation, the group, party or lobby
  ref        BIGINT NOT NULL,
  until_ms   BIGINT NOT NULL,
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (player_id, kind, ref)
);

CREATE INDEX personal_mute_until ON personal_mute (until_ms);

-- For closed conversations and deleted players.
CREATE INDEX personal_mute_ref ON personal_mute (kind, ref);
