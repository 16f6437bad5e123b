package dev.rookery.protocol.gameflow;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.base.Topic;
import dev.rookery.bus.Bus;
import dev.rookery.edge.Connection;
import dev.rookery.fanout.FanOut;
import dev.rookery.lobby.Lobby;
import dev.rookery.lobby.LobbyCommand;
import dev.rookery.lobby.LobbyQuery;
import dev.rookery.lobby.Roster.Team;
import dev.rookery.player.PlayerCommand;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Handles the lobby messages of one socket. Its player is answered by the events of the lobby,
 * which the socket follows. Every future completes when the answer has been sent, and never fails.
 */
final class LobbyHandler {
  private static final String CODE_PATTERN = "[1-9]\\d{5}";

  private final Connection connection;
  private final Bus bus;
  private final FanOut fanOut;
  private final PlayerId player;
  private final MatchAnnouncement announcement;
  private final String clientNetwork;
  private final FollowedLobby followed;
  // The lobby that the last command was to enter, if it failed; null for a new one.
  private @Nullable LobbyId untold;

  /**
   * @param announcement tells the player of a match that has started
   * @param clientNetwork counts wrong codes
   */
  LobbyHandler(
      Connection connection,
      Bus bus,
      FanOut fanOut,
      PlayerId player,
      MatchAnnouncement announcement,
      String clientNetwork) {
    this.connection = connection;
    this.bus = bus;
    this.fanOut = fanOut;
    this.player = player;
    this.announcement = announcement;
    this.clientNetwork = clientNetwork;
    this.followed = new FollowedLobby(connection, bus, fanOut, player, announcement);
  }

  /**
   * The player is in this lobby now, as their stream says.
   *
   * @param lobby null for none
   */
  void onMoved(@Nullable LobbyId lobby) {
    followed.onMoved(lobby);
  }

  Future<?> create(boolean hidden) {
    followed.entering();
    return bus.ask(new LobbyCommand.OpenTeams(player, hidden))
        .onFailure(cause -> failed(cause, null))
        .<@Nullable Object>compose(
            opened -> {
              if (followed.isClosed()) {
                return leaveUnseen(opened.id()).mapEmpty();
              }
              connection.send(ServerMessage.lobbyCreated(opened));
              LobbySubscription created = followed.subscribe(opened.id()).markJoined();
              followed.entered(created);
              return catchUp(created, opened).mapEmpty();
            })
        .otherwise(cause -> sendRefusal(cause, ""));
  }

  /**
   * @param lobby that was to be entered; null for a new one
   */
  private void failed(Throwable cause, @Nullable LobbyId lobby) {
    untold = lobby;
    followed.failed(cause);
    if (followed.isClosed()) {
      leaveUntold();
    }
  }

  /** Leaves the lobby that a command has entered which seemed to fail, now that nobody is told. */
  private Future<?> leaveUntold() {
    if (!followed.mayHaveEntered()) {
      return Future.succeededFuture();
    }
    LobbyId lobby = untold;
    // Not again without the lobby: the player may be in another one then.
    return lobby == null
        ? bus.ask(new LobbyCommand.Leave(player)).<@Nullable Object>mapEmpty().otherwiseEmpty()
        : leaveUnseen(lobby);
  }

  /** Leaves a lobby that was entered on this socket, which has closed. */
  private Future<?> leaveUnseen(LobbyId lobby) {
    return bus.undo(new LobbyCommand.Leave(player, lobby));
  }

  /** Starts delivery, after sending what changed between the creation and the subscription. */
  private Future<?> catchUp(LobbySubscription created, Lobby opened) {
    Optional<Position> openedAt =
        fanOut.latestPosition(Topic.lobby(opened.id())).filter(Position::isFirst);
    if (openedAt.isPresent()) {
      created.startAfter(openedAt.get());
      return Future.succeededFuture();
    }
    return bus.ask(new LobbyQuery.Find(opened.id()))
        .onSuccess(
            seen -> {
              if (seen.lobby().revision() > opened.revision()) {
                connection.send(ServerMessage.lobbyUpdated(seen.lobby()));
              }
              created.startAfter(seen.position());
            });
  }

  /** Empty fields count as absent, and an unknown team as none, as in the original server. */
  Future<?> join(ClientMessage message) {
    String code = message.lenientText("code");
    String lobbyId = message.lenientText("lobbyId");
    String password = message.text("password");
    Team team = team(message.textIfAny("team"));
    if (code == null && lobbyId == null) {
      return sendError("Lobby ID or code required");
    }
    Integer number = code != null && code.matches(CODE_PATTERN) ? Integer.valueOf(code) : null;
    LobbyId lobby = code != null || lobbyId == null ? null : LobbyUuid.parse(lobbyId).orElse(null);
    Future<LobbyId> found;
    if (lobby != null) {
      found = Future.succeededFuture(lobby);
    } else if (number != null) {
      found =
          bus.ask(new LobbyQuery.FindByCode(player, number, clientNetwork))
              .map(seen -> seen.lobby().id());
    } else {
      return sendError("Lobby not found");
    }
    return found
        .compose(
            id ->
                join(new LobbyCommand.JoinTeam(id, player, number, team, password, clientNetwork)))
        .<@Nullable Object>map(entered -> entered)
        .otherwise(cause -> sendRefusal(cause, ""));
  }

  /** Subscribes before joining, so that the player's own join is the first event sent. */
  private Future<?> join(LobbyCommand.JoinTeam join) {
    LobbySubscription pending = followed.subscribe(join.lobby());
    followed.entering();
    return bus.ask(join)
        .onFailure(
            cause -> {
              pending.end();
              failed(cause, join.lobby());
            })
        .<@Nullable Object>compose(
            joined -> {
              Position joinedAt = joined.at();
              if (joinedAt == null) {
                // The player was a member before.
                pending.end();
                followed.notEntered();
                return sendError("Already in lobby").mapEmpty();
              }
              if (followed.isClosed()) {
                pending.end();
                return leaveUnseen(join.lobby()).mapEmpty();
              }
              followed.entered(pending);
              pending.startAfter(joinedAt.previous());
              return Future.succeededFuture();
            });
  }

  Future<?> leave() {
    LobbySubscription current = followed.current();
    if (current == null) {
      return leaveOtherLobby();
    }
    Future<?> ended = current.ended();
    return bus.ask(new LobbyCommand.Leave(player))
        .<@Nullable Object>compose(_ -> ended.mapEmpty())
        .otherwise(cause -> sendRefusal(cause, ""));
  }

  private Future<?> leaveOtherLobby() {
    return bus.ask(new PlayerCommand.Find(player))
        .<@Nullable Object>compose(
            found ->
                found.lobby() == null
                    ? sendError("Not in a lobby").mapEmpty()
                    : bus.ask(new LobbyCommand.Leave(player))
                        .onSuccess(_ -> connection.send(ServerMessage.LOBBY_LEFT))
                        .mapEmpty())
        .otherwise(cause -> sendRefusal(cause, ""));
  }

  Future<?> setReady(boolean ready) {
    return change(new LobbyCommand.SetReady(player, ready, followedLobby()), "");
  }

  private @Nullable LobbyId followedLobby() {
    LobbySubscription current = followed.current();
    return current == null ? null : current.lobby();
  }

  Future<?> fillBots() {
    return change(new LobbyCommand.FillBots(player), "Only lobby owner can add bots");
  }

  private Future<?> change(LobbyCommand<Lobby> command, String notHost) {
    return bus.ask(command)
        .onSuccess(
            lobby -> {
              if (followed.current() == null) {
                connection.send(ServerMessage.lobbyUpdated(lobby));
              }
            })
        .<@Nullable Lobby>map(lobby -> lobby)
        .otherwise(cause -> sendRefusal(cause, notHost));
  }

  Future<?> startMatch() {
    LobbySubscription current = followed.current();
    return bus.ask(new LobbyCommand.StartMatch(player, followedLobby()))
        .<@Nullable Object>compose(
            match -> {
              if (current != null) {
                return current.ended().mapEmpty();
              }
              connection.send(announcement.started(match, null));
              return Future.succeededFuture();
            })
        .otherwise(cause -> sendRefusal(cause, "Only lobby owner can start match"));
  }

  /** Leaves the lobby that was entered on this socket, because it has closed. */
  Future<?> disconnect() {
    LobbyId entered = followed.close();
    return entered == null ? leaveUntold() : leaveUnseen(entered);
  }

  private static @Nullable Team team(@Nullable String team) {
    return switch (team) {
      case "A" -> Team.A;
      case "B" -> Team.B;
      case null, default -> null;
    };
  }

  private Future<Void> sendError(String error) {
    connection.send(ServerMessage.error(error));
    return Future.succeededFuture();
  }

  private <T> @Nullable T sendRefusal(Throwable cause, String notHost) {
    connection.send(ServerMessage.error(ErrorTexts.text(cause, notHost)));
    return null;
  }
}
