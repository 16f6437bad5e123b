-- The ids of the latest commands that changed the room, separated by spaces, newest last: by which a
-- command that was sent again, because its answer was late, is recognised.
ALTER TABLE match_room ADD COLUMN requests TEXT;
