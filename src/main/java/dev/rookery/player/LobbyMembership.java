package dev.rookery.player;

import dev.rookery.base.LobbyId;
import org.jspecify.annotations.Nullable;

/**
 * The lobby that a player is to join.
 *
 * @param run the run of the node that holds the socket of the player; the membership ends with it.
 *     Null if it depends on no socket
 */
public record LobbyMembership(LobbyId lobby, @Nullable Long run) {}
