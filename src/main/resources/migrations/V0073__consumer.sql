-- Durable consumers of committed events. Events that have some carry the shard of their stream; only
-- these cost an index entry.
ALTER TABLE outbox ADD COLUMN shard INTEGER;

CREATE INDEX outbox_shard ON outbox (shard, id) WHERE shard IS NOT NULL;

-- Up to where a consumer has read a shard. It moves in the transaction of what the consumer writes.
CREATE TABLE consumer (
  name     TEXT    NOT NULL,
  shard    INTEGER NOT NULL,
  position BIGINT  NOT NULL,
  -- where to go on within the event after the position; empty at its start
  part     TEXT    NOT NULL DEFAULT '',
  PRIMARY KEY (name, shard)
)${by_key}${often_updated};

-- Events that a consumer could not take, and has passed over.
CREATE TABLE parked_event (
  consumer   TEXT   NOT NULL,
  id         BIGINT NOT NULL,
  stream     TEXT   NOT NULL,
  epoch      BIGINT NOT NULL,
  seq_offset BIGINT NOT NULL,
  type       TEXT   NOT NULL,
  payload    TEXT   NOT NULL,
  reason     TEXT   NOT NULL,
  at_ms      BIGINT NOT NULL,
  PRIMARY KEY (consumer, id)
)${by_key};

CREATE INDEX parked_event_at ON parked_event (at_ms);
