-- The access key with which a broadcast was created; null if a person created it. It stops when the
-- key ends.
ALTER TABLE broadcast ADD COLUMN key_id TEXT;
