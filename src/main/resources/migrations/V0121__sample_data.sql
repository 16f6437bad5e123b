-- The sample data of a server that is being tried out; there is one row at most.
CREATE TABLE sample_run (
  one        INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
  -- making, made, removing or removed
  state      TEXT    NOT NULL,
  -- how many portions are made; what was made of a portion that is not is made again
  done       INTEGER NOT NULL,
  -- how often the next portion has failed
  failures   INTEGER NOT NULL,
  -- a JSON object: how many there are of each kind, or how many of each were removed
  counts     TEXT    NOT NULL,
  started_ms BIGINT  NOT NULL,
  updated_ms BIGINT  NOT NULL
);

-- What sample data consists of, beside players and what belongs to them.
CREATE TABLE sample_thing (
  kind  TEXT    NOT NULL,
  -- an id, or a name of one's own choice
  name  TEXT    NOT NULL,
  place INTEGER NOT NULL,
  PRIMARY KEY (kind, name)
);
