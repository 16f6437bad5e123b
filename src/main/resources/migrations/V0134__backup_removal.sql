-- Files of deleted backups, until the node that keeps them has removed them.
CREATE TABLE backup_removal (
  id    ${identity},
  node  TEXT   NOT NULL,
  file  TEXT   NOT NULL,
  at_ms BIGINT NOT NULL
);

CREATE INDEX backup_removal_node ON backup_removal (node);
