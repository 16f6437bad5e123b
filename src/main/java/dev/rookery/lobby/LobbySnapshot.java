package dev.rookery.lobby;

import dev.rookery.base.Position;
import dev.rookery.player.Player;
import java.util.List;

/**
 * A lobby with its members, read at one moment of its stream.
 *
 * @param members oldest account first
 */
public record LobbySnapshot(Lobby lobby, List<Player> members, int spectators, Position position) {}
