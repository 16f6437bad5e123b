-- Who sits in the rooms of the relay, where there are several nodes: a row as long as the socket is
-- open. The id says which of two that took the same seat came later.
CREATE TABLE relay_seat (
  id     ${identity},
  room   TEXT    NOT NULL,
  number INTEGER NOT NULL,
  node   TEXT    NOT NULL,
  UNIQUE (room, number)
);

CREATE INDEX relay_seat_node ON relay_seat (node, id);
