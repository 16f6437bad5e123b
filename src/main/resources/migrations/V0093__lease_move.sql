-- When the lease was transferred to its run by the run before; null once that run has taken it.
ALTER TABLE lease ADD COLUMN transferred_ms BIGINT;
CREATE INDEX lease_untaken ON lease (run, name) WHERE transferred_ms IS NOT NULL;

-- What admins have asked nodes to hand over to other nodes.
CREATE TABLE move_plan (
  id         ${identity},
  -- one, share or balance
  kind       TEXT   NOT NULL,
  -- ready, running, done or cancelled
  state      TEXT   NOT NULL,
  -- the node that shares what it owns; empty for all
  source     TEXT   NOT NULL,
  admin_id   BIGINT,
  -- 'several' while a plan of several moves is running, so that there is one of them
  active_key TEXT,
  created_ms BIGINT NOT NULL,
  changed_ms BIGINT NOT NULL
);

CREATE UNIQUE INDEX move_plan_active ON move_plan (active_key);
CREATE INDEX move_plan_by_time ON move_plan (changed_ms, id);

CREATE TABLE move_step (
  plan_id   BIGINT NOT NULL,
  place     BIGINT NOT NULL,
  lease     TEXT   NOT NULL,
  from_run  BIGINT NOT NULL,
  from_node TEXT   NOT NULL,
  to_run    BIGINT NOT NULL,
  to_node   TEXT   NOT NULL,
  -- planned, due, done, failed or cancelled
  state     TEXT   NOT NULL,
  -- why it failed
  code      TEXT   NOT NULL,
  PRIMARY KEY (plan_id, place)
);

CREATE INDEX move_step_of_run ON move_step (state, from_run, plan_id, place);
