-- Who is in a lobby only as long as the socket by which he came: the run of the node that holds it.
-- When the run has ended, the others see to it that he leaves.
CREATE TABLE lobby_tie (
  player_id BIGINT NOT NULL PRIMARY KEY,
  lobby_id  BIGINT NOT NULL,
  run       BIGINT NOT NULL
)${by_key};

CREATE INDEX lobby_tie_run ON lobby_tie (run);
CREATE INDEX lobby_tie_lobby ON lobby_tie (lobby_id);
