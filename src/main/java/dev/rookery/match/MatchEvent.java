package dev.rookery.match;

import dev.rookery.base.Event;
import dev.rookery.game.GameSession.Step;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happens in a room; on the room's stream. */
public sealed interface MatchEvent extends Event {
  /** Seats, sockets in the lobby, or the capacity changed. */
  record LobbyChanged(RoomInfo info) implements MatchEvent {}

  /**
   * The room was closed.
   *
   * @param reason {@code host_left} or {@code host_close}
   */
  record Closed(String room, String reason) implements MatchEvent {}

  /** The match was started. */
  record Started(RoomInfo info) implements MatchEvent {}

  /** The match was started again from its beginning. */
  record Restarted(MatchView view) implements MatchEvent {}

  /** The match was ended without a result, and its seats are offered again. */
  record ReturnedToLobby(RoomInfo info) implements MatchEvent {}

  /**
   * A socket of a player was opened.
   *
   * @param first whether it is the player's only one
   */
  record PlayerConnected(String room, String playerID, boolean first, List<String> connected)
      implements MatchEvent {}

  /** The last socket of a player was closed. */
  record PlayerDisconnected(String room, String playerID, List<String> connected)
      implements MatchEvent {}

  /**
   * An action was carried out.
   *
   * @param revision after the last step
   * @param actionID its id in the log
   * @param playerID empty for a timeout
   * @param clientActionID the id that the client of {@code playerID} gave it
   */
  record Advanced(
      String room,
      long revision,
      String actionID,
      String playerID,
      @Nullable String clientActionID,
      List<Step> steps)
      implements MatchEvent {}
}
