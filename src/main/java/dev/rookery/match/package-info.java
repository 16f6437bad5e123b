/**
 * Matches: rooms with seats in which a game is played, first a lobby and then the match itself.
 *
 * <p>A room has one owner, the node that holds its lease. The owner carries out the commands of the
 * room one at a time, whichever node received them. An accepted action is a record in the log,
 * committed together with its event and under the lease, before anybody hears of it. A node that
 * lost its lease can change nothing. Another one takes over: it repeats the actions since the last
 * snapshot and goes on. A room that nobody uses leaves the memory and is nothing but rows.
 */
@NullMarked
package dev.rookery.match;

import org.jspecify.annotations.NullMarked;
