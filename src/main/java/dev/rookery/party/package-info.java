/**
 * Parties: small groups of players who play together, joined by invite. A player is in at most one;
 * its leader decides who is in it, and takes all of it into a lobby.
 *
 * <p>Every change locks the rows of the parties, by ascending id, and then those of the players. It
 * is appended to the stream of the party in the same transaction. Other domains ask {@link
 * dev.rookery.party.Parties} in their own transactions.
 */
@NullMarked
package dev.rookery.party;

import org.jspecify.annotations.NullMarked;
