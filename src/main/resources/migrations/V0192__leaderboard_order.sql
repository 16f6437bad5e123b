-- Ranks come from the indexes in memory. The order in the database cost every submission two further pages on SQLite, and
-- an entry in each other index of the table on PostgreSQL. A board without an index in memory is sorted when it is read.
DROP INDEX leaderboard_record_rank;
