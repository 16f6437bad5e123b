-- The list of open lobbies with a number of seats, for admins. Not of open lobbies alone: SQLite would then prefer it to
-- the indexes of those that are locked, hidden or protected.
CREATE INDEX lobby_seats ON lobby (seats_max, id, hidden, closed_ms);
