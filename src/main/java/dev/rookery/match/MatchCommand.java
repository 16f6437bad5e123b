package dev.rookery.match;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import dev.rookery.game.GameInfo;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Commands for rooms. Users are named by texts, because rooms may also be filled by a service that
 * has users of its own; a player of this server is {@link #user(PlayerId)}.
 *
 * <p>The codes of {@code Conflict} are the reasons of the openturn contract (3.3 and 3.4).
 */
public sealed interface MatchCommand<R> extends Command<R> {
  String ADDRESS = "match";

  /** Maximum length of the id of a room or user, in UTF-16 units. */
  int ID_MAX = 128;

  /** Maximum length of the payload of an action, in UTF-16 units of its JSON text. */
  int PAYLOAD_MAX = 16 << 10;

  @Override
  default String address() {
    return ADDRESS;
  }

  /** The user that stands for a player. */
  static String user(PlayerId player) {
    return Long.toString(player.value());
  }

  /**
   * The version of a game on which new rooms start. {@code Missing("unknown_game")}.
   *
   * @param gameKey null for the game that is played in rooms that name none
   */
  record DescribeGame(@Nullable String gameKey) implements MatchCommand<GameInfo> {
    public DescribeGame() {
      this(null);
    }
  }

  /**
   * The versions of all games, without repetition: first the one on which rooms start that name no
   * game, then those of extensions and of the server, then the deployed ones that are active, then
   * the newest. At most {@link #VERSIONS_MAX}.
   */
  record ListVersions() implements MatchCommand<List<String>> {}

  /** How many versions are listed. */
  int VERSIONS_MAX = 64;

  /**
   * Opens a room, with the user as its host.
   *
   * <p>{@code Missing("unknown_game")}; {@code Limited("too_many_rooms")} if the user hosts too
   * many rooms that are not closed.
   *
   * @param gameKey null for the default game
   */
  record Open(String user, @Nullable String gameKey) implements MatchCommand<RoomInfo> {}

  /** Finds a room. Whether users are connected may be out of date. */
  record Find(String room) implements MatchCommand<Optional<RoomInfo>> {}

  /**
   * Closes the rooms that a player hosts, and frees their seats in lobbies; for the end of an
   * account. The rest goes with the rooms, which are deleted when nobody uses them.
   */
  record Forget(PlayerId player) implements MatchCommand<Done> {}

  /**
   * A command for one room, carried out by its owner. {@code Missing("unknown_room")} if there is
   * no such room; {@code Unavailable("room_busy")} if its owner cannot be found at the moment.
   */
  sealed interface InRoom<R> extends MatchCommand<R> {
    String room();
  }

  /**
   * Registers a socket in the lobby. The first one in a room that does not exist creates it, with
   * its user as the host.
   *
   * <p>{@code Conflict("room_already_started")}, {@code Conflict("room_closed")}.
   *
   * @param socket unique; repeating the command with it has no effect
   */
  record ConnectToLobby(String room, String user, String socket) implements InRoom<LobbyJoined> {}

  /**
   * Registers a socket of a player. {@code Conflict("room_not_started")}, {@code
   * Denied("seat_mismatch")}.
   *
   * @param socket unique; repeating the command with it has no effect
   */
  record ConnectToMatch(String room, String user, String playerID, String socket)
      implements InRoom<MatchJoined> {}

  /**
   * Removes a socket. In the lobby, a user's last socket frees their seat, and the host's closes
   * the room.
   *
   * @param leaving false if the client is expected to connect again at once
   */
  record Disconnect(String room, String socket, boolean leaving) implements InRoom<Done> {}

  /** Removes the sockets of nodes that have ended. */
  record RemoveDeadSockets(String room) implements InRoom<Done> {}

  /**
   * {@code seat_out_of_range}, {@code seat_has_bot}, {@code seat_taken}. Frees the user's other
   * seat.
   */
  record TakeSeat(String room, String user, @Nullable String userName, int seat)
      implements InRoom<Done> {}

  /** {@code not_seated}. */
  record LeaveSeat(String room, String user) implements InRoom<Done> {}

  /** {@code not_seated}. */
  record SetReady(String room, String user, boolean ready) implements InRoom<Done> {}

  /** Removes the user in a seat: {@code not_host}, {@code seat_out_of_range}. */
  record ClearSeat(String room, String user, int seat) implements InRoom<Done> {}

  /**
   * Fills a seat with a bot: {@code not_host}, {@code seat_out_of_range}, {@code unknown_bot},
   * {@code seat_has_human}.
   */
  record AssignBot(String room, String user, int seat, String bot) implements InRoom<Done> {}

  /** {@code not_host}, {@code target_below_min}, {@code target_above_max}. */
  record SetTargetCapacity(String room, String user, int capacity) implements InRoom<Done> {}

  /**
   * Changes an option of the game: {@code not_host}, or what is wrong with the value ({@link
   * dev.rookery.extension.game.ConfigSchema#problemOf}).
   *
   * @param value JSON text
   */
  record SetConfig(String room, String user, String key, String value) implements InRoom<Done> {}

  /** {@code not_host}. */
  record CloseRoom(String room, String user) implements InRoom<Done> {}

  /** {@code not_host}, {@code below_min_players}, {@code no_humans_seated}, {@code not_ready}. */
  record Start(String room, String user) implements InRoom<Done> {}

  /**
   * Carries out an action in the match.
   *
   * @param payload JSON text of at most {@link #PAYLOAD_MAX}; {@code null} for none
   * @param baseRevision the revision that the action is meant for; null for any
   * @param clientActionID given back in the event
   * @param request unique; repeating the command with it has no effect
   */
  record Act(
      String room,
      String playerID,
      String event,
      String payload,
      @Nullable Long baseRevision,
      String clientActionID,
      String request)
      implements InRoom<ActResult> {}

  /**
   * Starts the match again, with the same players and new randomness. {@code Denied("not_host")},
   * {@code Conflict("match_not_active")}. What the match has changed in profiles stays, and is not
   * changed again.
   */
  record Reset(String room, String user) implements InRoom<MatchView> {}

  /**
   * Ends the match without a result and offers its seats again, not ready. Refused as {@link
   * Reset}.
   */
  record ReturnToLobby(String room, String user) implements InRoom<Done> {}

  /** Makes a room do what is due: the timeout of a turn, the actions of bots. */
  record Wake(String room) implements InRoom<Done> {}

  /** Removes a user whose account has ended from a seat in a match; nobody takes it. */
  record ForgetUser(String room, String user) implements InRoom<Done> {}

  /** The match as it is now: {@code Conflict("room_not_started")}. */
  record View(String room) implements InRoom<MatchView> {}

  /**
   * The answer to {@link ConnectToLobby}.
   *
   * @param position of the room's stream, behind the event about the connection
   */
  record LobbyJoined(RoomInfo info, Position position) {}

  /**
   * The answer to {@link ConnectToMatch}.
   *
   * @param connected the players with sockets
   * @param position of the room's stream, behind the event about the connection
   */
  record MatchJoined(MatchView view, List<String> connected, Position position) {}

  /**
   * The answer to {@link Act}.
   *
   * @param revision of the match now
   * @param error null if the action was accepted
   * @param reason the game's own code
   * @param details JSON text of the game
   */
  record ActResult(
      long revision, @Nullable String error, @Nullable String reason, @Nullable String details) {}
}
