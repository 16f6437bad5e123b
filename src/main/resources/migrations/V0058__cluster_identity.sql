-- The cluster of a run, and fingerprints of its keys: nodes that differ in them do not run beside each other.
-- Null in the rows of versions that did not write them.
ALTER TABLE node ADD COLUMN cluster TEXT;
ALTER TABLE node ADD COLUMN key_fingerprint TEXT;
ALTER TABLE node ADD COLUMN keys_accepted TEXT;
