-- The language that a player has chosen for pages and emails, as in "de"; empty if they have not.
ALTER TABLE player ADD COLUMN language TEXT NOT NULL DEFAULT '';
