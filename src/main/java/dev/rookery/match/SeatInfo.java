package dev.rookery.match;

import dev.rookery.extension.game.BotInfo;
import org.jspecify.annotations.Nullable;

/**
 * A seat that a user or a bot has taken.
 *
 * @param index from 0; the seat's player has the same place among the player ids of the game
 * @param user empty for a bot, and for a user whose account has ended
 * @param connected whether the user has a socket in the lobby
 * @param bot null for a user
 */
public record SeatInfo(
    int index,
    String user,
    @Nullable String userName,
    boolean ready,
    boolean connected,
    @Nullable BotInfo bot) {}
