-- What a notification is about, for programs: the kind (friend_request; empty for those that players
-- write), its number, and the thing (group:5; empty for none).
ALTER TABLE notification ADD COLUMN kind TEXT NOT NULL DEFAULT '';
ALTER TABLE notification ADD COLUMN code INTEGER NOT NULL DEFAULT 0;
ALTER TABLE notification ADD COLUMN subject TEXT NOT NULL DEFAULT '';

-- How many messages a notification about a conversation counts; 0 for other kinds.
ALTER TABLE notification ADD COLUMN messages BIGINT NOT NULL DEFAULT 0;
