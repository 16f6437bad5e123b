-- Threads that have a lock of extensions and wait for another one, in any node. A cycle of them is a
-- deadlock. A row is deleted when the wait ends.
CREATE TABLE extension_lock_wait (
  -- the lock that the thread has
  held     TEXT   NOT NULL PRIMARY KEY,
  -- the lock that it waits for
  wanted   TEXT   NOT NULL,
  waiter   TEXT   NOT NULL,
  run      BIGINT NOT NULL,
  -- when it gives up
  until_ms BIGINT NOT NULL
);
