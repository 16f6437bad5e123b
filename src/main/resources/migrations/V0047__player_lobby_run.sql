-- Who is in a lobby only as long as the socket by which he came: the run of the node that holds it,
-- in his own row. It is written with his place, so that coming and going cost no row beside it. No
-- index: each costs everybody who comes, and whose run has ended is looked for seldom, among those
-- who are in lobbies.
ALTER TABLE player ADD COLUMN lobby_run BIGINT;

UPDATE player SET lobby_run = (
  SELECT run FROM lobby_tie
  WHERE lobby_tie.player_id = player.id AND lobby_tie.lobby_id = player.lobby_id)
WHERE lobby_id IS NOT NULL;

DROP TABLE lobby_tie;

-- A lobby is written once for each that comes, goes or is ready; a player when he comes and goes.
${room_for_updates}
