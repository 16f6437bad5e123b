-- Tickets with which a page of the console opens its socket: once, within seconds.
CREATE TABLE live_ticket (
  -- SHA-256 of the ticket, in hexadecimal
  digest     TEXT   NOT NULL PRIMARY KEY,
  -- the console session that it was made for
  session    TEXT   NOT NULL,
  expires_ms BIGINT NOT NULL
)${by_key};

CREATE INDEX live_ticket_expires ON live_ticket (expires_ms);
