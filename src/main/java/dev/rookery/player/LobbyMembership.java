package dev.rookery.player;

import dev.rookery.base.LobbyId;
import org.jspecify.annotations.Nullable;

/**
 * Where a player is seated.
 *
 * @param run of the node with the socket by which he comes: when it has ended, he is to leave. Null
 *     if his place depends on no socket
 */
public record LobbyMembership(LobbyId lobby, @Nullable Long run) {}
