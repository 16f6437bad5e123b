-- Backups that nodes have made, with the names of their files in the folder of that node.
CREATE TABLE backup (
  id          ${identity},
  -- the node that makes and keeps it
  node        TEXT   NOT NULL,
  -- its run while it makes it; null before it has begun
  run         BIGINT,
  -- sqlite or postgres
  kind        TEXT   NOT NULL,
  -- due, running, done or failed
  state       TEXT   NOT NULL,
  -- why it failed
  problem     TEXT   NOT NULL,
  -- JSON: the names of its files, that of the server first
  files       TEXT   NOT NULL,
  bytes       BIGINT NOT NULL,
  -- null for the schedule
  admin_id    BIGINT,
  -- when the copy was opened and checked
  verified_ms BIGINT,
  created_ms  BIGINT NOT NULL,
  ended_ms    BIGINT,
  -- 'backup' while it is not finished, so that there is one at a time
  active_key  TEXT
);

CREATE UNIQUE INDEX backup_active ON backup (active_key);
CREATE INDEX backup_of_node ON backup (node, state, id);
