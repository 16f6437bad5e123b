-- A row is inserted here and deleted again to find out whether the database takes writes.
CREATE TABLE write_probe (
  id ${identity},
  filler TEXT NOT NULL
)${often_updated};
