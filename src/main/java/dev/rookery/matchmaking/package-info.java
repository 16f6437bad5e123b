/**
 * From players who look for a match to matches. Tickets are rows; one node of the cluster at a time
 * pairs them, and any other goes on where it stopped. Who is matched hears it on the stream of his
 * own player.
 */
@NullMarked
package dev.rookery.matchmaking;

import org.jspecify.annotations.NullMarked;
