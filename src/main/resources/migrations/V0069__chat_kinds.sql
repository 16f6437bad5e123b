-- Messages of direct conversations, whose kind is 'direct' and whose ref is the recipient.
CREATE INDEX chat_message_direct ON chat_message (ref, sender_id, id) WHERE kind = 'direct';

-- What clients of some wires tell kinds of messages by.
ALTER TABLE chat_message ADD COLUMN code INTEGER NOT NULL DEFAULT 0;

-- The content as a JSON object, of a wire whose messages are objects; then content is empty.
ALTER TABLE chat_message ADD COLUMN content_json TEXT;

-- The messages of a sender in their order, for exports and admins.
CREATE INDEX chat_message_by_sender ON chat_message (sender_id, id);
DROP INDEX chat_message_sender;
