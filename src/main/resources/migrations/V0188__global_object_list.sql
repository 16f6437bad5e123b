-- The lists of objects of neither a player nor a lobby: the newest first, and by the beginning of their keys. SQLite
-- would look at each row for a column of the condition that is not in the index.
CREATE INDEX storage_object_global ON storage_object (collection, id, player_id, lobby_id)
  WHERE player_id = 0 AND lobby_id = 0;
CREATE INDEX storage_object_global_key ON storage_object ((LOWER(object_key)${by_code_point}), collection, id)
  WHERE player_id = 0 AND lobby_id = 0;
