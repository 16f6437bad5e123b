-- Searches of lists of the console that admins have named.
CREATE TABLE saved_view (
  id         ${identity},
  admin_id   BIGINT  NOT NULL,
  -- the path of the list, such as /admin/users
  list       TEXT    NOT NULL,
  name       TEXT    NOT NULL,
  -- what follows the path
  query      TEXT    NOT NULL,
  -- 1 if all admins see it
  shared     INTEGER NOT NULL,
  created_ms BIGINT  NOT NULL
);

CREATE UNIQUE INDEX saved_view_name ON saved_view (admin_id, list, name);
CREATE INDEX saved_view_shared ON saved_view (shared, list, id);
