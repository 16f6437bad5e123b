-- The room whose match a room goes on with, and from which revision.
ALTER TABLE match_room ADD COLUMN forked_from TEXT;
ALTER TABLE match_room ADD COLUMN forked_revision BIGINT;

CREATE INDEX match_room_created ON match_room (created_ms, room_id);
