-- A device id opens an account, so its keyed digest is stored. Ids that are stored already are
-- replaced by the nodes, which have the key, once all of them know the digest. The hint is what
-- players may see of the id in their data export.
ALTER TABLE player ADD COLUMN device_digest TEXT;
ALTER TABLE player ADD COLUMN device_hint TEXT;
CREATE UNIQUE INDEX player_device_digest ON player (device_digest) WHERE device_digest IS NOT NULL;

-- What a running node knows: 0 knows no digests.
ALTER TABLE node ADD COLUMN level BIGINT NOT NULL DEFAULT 0;
