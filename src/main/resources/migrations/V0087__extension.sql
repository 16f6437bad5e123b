-- Jars of extensions, each once, in parts as Base64.
CREATE TABLE extension_jar (
  -- SHA-256 of the jar
  digest  TEXT    NOT NULL,
  part    INTEGER NOT NULL,
  content TEXT    NOT NULL,
  PRIMARY KEY (digest, part)
);

-- Each change of the version of an extension that runs in the cluster.
CREATE TABLE extension_deployment (
  id          ${identity},
  name        TEXT   NOT NULL,
  version     TEXT   NOT NULL,
  digest      TEXT   NOT NULL,
  -- preparing: nodes start it; active: it takes the calls; superseded: by a later one; removed;
  -- rejected: a node could not start it
  state       TEXT   NOT NULL,
  reason      TEXT,
  -- upload, rollback, or folder:<name of the node>
  source      TEXT   NOT NULL,
  created_ms  BIGINT NOT NULL,
  -- until when all nodes must have started it
  deadline_ms BIGINT NOT NULL,
  decided_ms  BIGINT
);

CREATE UNIQUE INDEX extension_deployment_preparing
  ON extension_deployment (name) WHERE state = 'preparing';
CREATE UNIQUE INDEX extension_deployment_active
  ON extension_deployment (name) WHERE state = 'active';
CREATE INDEX extension_deployment_name ON extension_deployment (name, id);

-- What each run of a node says about a deployment.
CREATE TABLE extension_report (
  deployment_id BIGINT NOT NULL,
  run           BIGINT NOT NULL,
  -- ready, failed
  state         TEXT   NOT NULL,
  reason        TEXT,
  start_ms      BIGINT NOT NULL,
  PRIMARY KEY (deployment_id, run)
);

-- Runs of nodes that follow deployments; those of earlier versions do not.
CREATE TABLE extension_node (
  run BIGINT NOT NULL PRIMARY KEY
);
