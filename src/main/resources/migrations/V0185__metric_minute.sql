-- The order of the values in rows of metric_minute.
CREATE TABLE metric_layout (
  id      TEXT NOT NULL PRIMARY KEY,
  -- the keys of the columns, separated by commas
  columns TEXT NOT NULL
)${by_key};

-- What the meters of each node said, one row a minute, for seven days.
CREATE TABLE metric_minute (
  node    TEXT   NOT NULL,
  -- since 1970
  minute  BIGINT NOT NULL,
  -- of the node that wrote it
  run     BIGINT NOT NULL,
  -- of metric_layout
  layout  TEXT   NOT NULL,
  -- four bytes for each column; Base64
  content TEXT   NOT NULL,
  PRIMARY KEY (node, minute)
)${by_key};

CREATE INDEX metric_minute_age ON metric_minute (minute);
