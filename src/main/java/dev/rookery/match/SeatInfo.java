package dev.rookery.match;

import org.jspecify.annotations.Nullable;

/**
 * A seat that a user has taken.
 *
 * @param index from 0; the seat's player has the same place among the player ids of the game
 * @param connected whether the user has a socket in the lobby
 */
public record SeatInfo(
    int index, String user, @Nullable String userName, boolean ready, boolean connected) {}
