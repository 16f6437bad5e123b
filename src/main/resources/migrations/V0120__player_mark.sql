-- Players that admins made: for trying things out, or as sample data. Null for everybody else.
ALTER TABLE player ADD COLUMN mark TEXT;

CREATE INDEX player_mark ON player (mark, id) WHERE mark IS NOT NULL;
