-- Which session a game has that a browser has opened at /play: it ends with the browser's own.
CREATE TABLE play_session (
  browser_session TEXT   NOT NULL PRIMARY KEY,
  session         TEXT   NOT NULL,
  player_id       BIGINT NOT NULL
);

CREATE INDEX play_session_player ON play_session (player_id);
