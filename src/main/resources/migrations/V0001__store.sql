-- What the store itself keeps: streams with their outbox, who posts it, and remembered answers.

-- The head of every stream. A row is made by the stream's first event, and dropped when the stream
-- has been silent for long; one that begins anew then has a later epoch.
CREATE TABLE stream (
  name TEXT NOT NULL PRIMARY KEY,
  epoch BIGINT NOT NULL,
  head BIGINT NOT NULL,
  at_ms BIGINT NOT NULL
)${by_key}${often_updated};

-- Committed events, a bounded window of each stream. Each index costs every event, so there is one,
-- and beside it only what finds the oldest rows almost for nothing: on SQLite ids ascend with time,
-- on PostgreSQL a summary of each range of pages is enough.
CREATE TABLE outbox (
  id ${place},
  stream TEXT NOT NULL,
  epoch BIGINT NOT NULL,
  seq_offset BIGINT NOT NULL,
  node BIGINT NOT NULL,
  node_seq BIGINT NOT NULL,
  type TEXT NOT NULL,
  payload TEXT NOT NULL,
  at_ms BIGINT NOT NULL,
  UNIQUE (stream, epoch, seq_offset)
);

${outbox_by_time}

-- Every run of a node is one row. All that it committed with a number up to posted_upto has been
-- posted; when its heartbeat ends, another node posts the rest.
CREATE TABLE node (
  id ${identity},
  name TEXT NOT NULL,
  heartbeat_ms BIGINT NOT NULL,
  posted_upto BIGINT NOT NULL,
  swept_ms BIGINT NOT NULL
)${often_updated};

-- Answers of commands that came with an idempotency key.
CREATE TABLE idempotency (
  player_id BIGINT NOT NULL,
  idem_key TEXT NOT NULL,
  command TEXT NOT NULL,
  answer TEXT,
  at_ms BIGINT NOT NULL,
  PRIMARY KEY (player_id, idem_key)
)${by_key};

CREATE INDEX idempotency_at ON idempotency (at_ms);
