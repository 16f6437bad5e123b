/**
 * Matchmaking: parties wait with a ticket until they are matched with others of equal criteria and
 * similar skill.
 *
 * <p>Tickets are rows in the database, and every node accepts them. One node at a time matches
 * them, under a lease; when it dies another node continues. The outcome is published as a {@link
 * dev.rookery.matchmaking.MatchmakingEvent} on the stream of each player of the ticket.
 */
@NullMarked
package dev.rookery.matchmaking;

import org.jspecify.annotations.NullMarked;
