-- Rooms, which are conversations of a name: any player may write and read there. The messages of
-- one have the kind 'room' and its id as ref.
CREATE TABLE chat_room (
  id         ${identity},
  name       TEXT${by_code_point} NOT NULL,
  created_ms BIGINT NOT NULL
);

CREATE UNIQUE INDEX chat_room_name ON chat_room (name);
