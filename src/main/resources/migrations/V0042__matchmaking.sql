-- Who looks for a match. A ticket is a party that stays together; it is there until it is matched,
-- cancelled or expired, or the run of the node it came from is no more.
CREATE TABLE match_ticket (
  id            ${identity},
  uuid          TEXT   NOT NULL,
  mode          TEXT   NOT NULL,
  region        TEXT   NOT NULL,
  -- players of the whole match
  size          INTEGER NOT NULL,
  run           BIGINT NOT NULL,
  created_ms    BIGINT NOT NULL,
  expires_ms    BIGINT NOT NULL,
  -- not tried before, after there was no server for it
  not_before_ms BIGINT NOT NULL
);

CREATE UNIQUE INDEX match_ticket_uuid ON match_ticket (uuid);
CREATE INDEX match_ticket_expires ON match_ticket (expires_ms);

CREATE TABLE match_ticket_player (
  player_id BIGINT NOT NULL PRIMARY KEY,
  ticket_id BIGINT NOT NULL REFERENCES match_ticket (id) ON DELETE CASCADE,
  place     INTEGER NOT NULL,
  uuid      TEXT   NOT NULL,
  name      TEXT   NOT NULL,
  -- skill in thousandths
  mu        BIGINT NOT NULL,
  sigma     BIGINT NOT NULL
);

CREATE INDEX match_ticket_player_ticket ON match_ticket_player (ticket_id, place);
