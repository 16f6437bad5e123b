-- The Lua scripts that all nodes run, beside those of the server.
CREATE TABLE lua_script (
  name       TEXT   NOT NULL PRIMARY KEY,
  -- of lua_script_version
  version    BIGINT NOT NULL,
  sha1       TEXT   NOT NULL,
  -- "admin", or "folder" with the node whose folder it is in
  source     TEXT   NOT NULL,
  changed_ms BIGINT NOT NULL
);

-- The latest versions of a script.
CREATE TABLE lua_script_version (
  name       TEXT   NOT NULL,
  version    BIGINT NOT NULL,
  sha1       TEXT   NOT NULL,
  source     TEXT   NOT NULL,
  content    TEXT   NOT NULL,
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (name, version)
);
