-- The public list of groups: its total and the ids of its pages are read in these indexes alone.
CREATE INDEX player_group_visible ON player_group (id)
  WHERE closed_ms IS NULL AND type <> 'hidden';
CREATE INDEX player_group_visible_title ON player_group (title_key, id)
  WHERE closed_ms IS NULL AND type <> 'hidden';
CREATE INDEX player_group_visible_updated ON player_group (updated_ms, id)
  WHERE closed_ms IS NULL AND type <> 'hidden';
CREATE INDEX player_group_visible_size ON player_group (members_max, id)
  WHERE closed_ms IS NULL AND type <> 'hidden';
