-- The index of names with ids finds the same players.
DROP INDEX player_name;
