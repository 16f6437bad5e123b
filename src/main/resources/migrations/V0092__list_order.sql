-- The groups of a type in each order of a list, as player_group_type has them by their id.
CREATE INDEX player_group_type_title ON player_group (type, title_key, id) WHERE closed_ms IS NULL;
CREATE INDEX player_group_type_updated ON player_group (type, updated_ms, id)
  WHERE closed_ms IS NULL;
CREATE INDEX player_group_type_size ON player_group (type, members_max, id)
  WHERE closed_ms IS NULL;

-- The invites of a sender that wait, the newest first.
CREATE INDEX party_invite_sender ON party_invite (sender_id, state, id);
