/**
 * Leaderboards: boards with a season each, and their records of players and labels.
 *
 * <p>Rows are the truth. A node that is asked for ranks keeps an index of the board in memory,
 * filled from the rows at a position of the board's stream and kept current by the stream's events;
 * a board that does not fit is answered by SQL. Several seasons share a slug; the identifier of a
 * season is part of every record's key, so a record belongs to one period.
 */
@NullMarked
package dev.rookery.leaderboard;

import org.jspecify.annotations.NullMarked;
