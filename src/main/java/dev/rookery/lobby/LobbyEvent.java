package dev.rookery.lobby;

import dev.rookery.allocation.Match;
import dev.rookery.base.Event;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Topic;
import dev.rookery.player.Player;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events on the lobby's stream; those that change the list go to the {@code lobbies} feed too. */
public sealed interface LobbyEvent extends Event {
  @Override
  default List<String> feeds() {
    return switch (this) {
      case HostChanged _, TeamsChanged _, PartyJoined _ -> List.of();
      case Opened _, Changed _, Joined _, Left _, Kicked _, MatchStarted _, Closed _ ->
          List.of(Topic.LOBBIES);
    };
  }

  record Opened(Lobby lobby) implements LobbyEvent {}

  /** Settings were saved. */
  record Changed(Lobby lobby, List<Player> members) implements LobbyEvent {}

  record Joined(Lobby lobby, Player player) implements LobbyEvent {}

  /** A member of a party that joined as one; there is such an event for each. */
  record PartyJoined(Lobby lobby, Player player) implements LobbyEvent {}

  record Left(Lobby lobby, PlayerId player, String displayName) implements LobbyEvent {}

  record Kicked(Lobby lobby, PlayerId player, String displayName) implements LobbyEvent {}

  record HostChanged(Lobby lobby, PlayerId host, String displayName) implements LobbyEvent {}

  /**
   * Players became ready or not, or bots were added. All such changes of one commit are one event,
   * unless another event is between them.
   */
  record TeamsChanged(Lobby lobby) implements LobbyEvent {}

  /** All members are in a match now, and the lobby is closed. */
  record MatchStarted(Lobby lobby, Match match) implements LobbyEvent {}

  /**
   * The lobby is closed.
   *
   * @param lastMember who left it; null if an admin closed it, also with members in it
   */
  record Closed(Lobby lobby, @Nullable PlayerId lastMember) implements LobbyEvent {}
}
