-- The party that searches as one, as it was when it began to. A ticket whose party has changed since
-- is removed. Null for a player who searches alone.
ALTER TABLE match_ticket ADD COLUMN party_id BIGINT;
ALTER TABLE match_ticket ADD COLUMN party_revision BIGINT;

CREATE INDEX match_ticket_party ON match_ticket (id) WHERE party_id IS NOT NULL;
