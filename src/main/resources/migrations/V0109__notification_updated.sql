-- The notifications of a player as their page lists them: those that came or changed last first.
CREATE INDEX notification_updated ON notification (recipient_id, updated_ms, id);
