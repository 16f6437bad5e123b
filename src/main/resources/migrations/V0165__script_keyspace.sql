-- What scripts have changed in the keyspaces of the embedded engine. A keyspace is its newest
-- snapshot and the records after it; the node that holds the lease keyspace/<name> keeps it in
-- memory.
CREATE TABLE script_log (
  keyspace TEXT   NOT NULL,
  -- from 1, without gaps
  number   BIGINT NOT NULL,
  -- of the lease under which it was written
  epoch    BIGINT NOT NULL,
  -- the changes of one script or of several, in order; Base64
  content  TEXT   NOT NULL,
  PRIMARY KEY (keyspace, number)
);

-- Complete snapshots, by the number of the last record that each includes.
CREATE TABLE script_snapshot (
  keyspace   TEXT   NOT NULL,
  number     BIGINT NOT NULL,
  parts      BIGINT NOT NULL,
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (keyspace, number)
);

-- The parts of snapshots, also of some that were never completed; Base64.
CREATE TABLE script_snapshot_part (
  keyspace TEXT   NOT NULL,
  number   BIGINT NOT NULL,
  part     BIGINT NOT NULL,
  content  TEXT   NOT NULL,
  PRIMARY KEY (keyspace, number, part)
);
