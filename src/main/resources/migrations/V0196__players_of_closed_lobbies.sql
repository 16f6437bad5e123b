-- Players who entered a lobby in the moment in which it was closed stayed in it, and could not leave.
UPDATE player SET lobby_id = NULL, lobby_run = NULL
WHERE lobby_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM lobby WHERE lobby.id = player.lobby_id AND lobby.closed_ms IS NULL);
