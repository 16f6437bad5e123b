-- When the role of a player ends by itself; those without a row do not end. A table of its own, as
-- console_grant is created by a later migration.
CREATE TABLE console_grant_end (
  player_id BIGINT NOT NULL PRIMARY KEY,
  until_ms  BIGINT NOT NULL
);

CREATE INDEX console_grant_end_by_time ON console_grant_end (until_ms);

-- Roles that owners have added to those of the release. A player has one or the other.
CREATE TABLE console_role (
  name        TEXT   NOT NULL PRIMARY KEY,
  -- separated by spaces
  permissions TEXT   NOT NULL,
  changed_by  BIGINT NOT NULL,
  changed_ms  BIGINT NOT NULL,
  revision    BIGINT NOT NULL
);
