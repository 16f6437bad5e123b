-- The time zone in which a player wants to see times, as in "Europe/Berlin"; empty for UTC.
ALTER TABLE player ADD COLUMN time_zone TEXT NOT NULL DEFAULT '';
