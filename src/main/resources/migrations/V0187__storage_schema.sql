-- JSON Schemas that admins attach to the keys of stored objects.
CREATE TABLE storage_schema (
  id          ${identity},
  collection  TEXT    NOT NULL,
  -- a key, or with a * at its end the beginning of keys
  key_pattern TEXT    NOT NULL,
  content     TEXT    NOT NULL,
  -- 1 if writes that do not fit are refused
  enforced    INTEGER NOT NULL,
  revision    BIGINT  NOT NULL,
  created_ms  BIGINT  NOT NULL,
  updated_ms  BIGINT  NOT NULL
);

CREATE UNIQUE INDEX storage_schema_pattern ON storage_schema (collection, key_pattern);

-- Its row, the only one, counts the changes of all schemas, so that nodes see cheaply whether there was one.
CREATE TABLE storage_schema_change (
  one      INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
  revision BIGINT  NOT NULL
);
