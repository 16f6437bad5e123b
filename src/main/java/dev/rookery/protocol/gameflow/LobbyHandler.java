package dev.rookery.protocol.gameflow;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.base.Topic;
import dev.rookery.bus.Bus;
import dev.rookery.edge.CloseReason;
import dev.rookery.edge.Connection;
import dev.rookery.fanout.FanOut;
import dev.rookery.fanout.Subscription;
import dev.rookery.lobby.Lobby;
import dev.rookery.lobby.LobbyCommand;
import dev.rookery.lobby.LobbyQuery;
import dev.rookery.lobby.Roster;
import dev.rookery.lobby.Roster.Team;
import dev.rookery.player.PlayerCommand;
import dev.rookery.presence.PresenceCommand;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Handles the lobby messages of one socket. A lobby that was joined on this socket is followed: its
 * player is answered by the lobby's events. If the player joined on another connection, commands
 * are answered to this socket alone. Every future completes when the answer has been sent, and
 * never fails.
 */
final class LobbyHandler {
  private static final String CODE_PATTERN = "[1-9]\\d{5}";

  private final Connection connection;
  private final Bus bus;
  private final FanOut fanOut;
  private final PlayerId player;
  private final MatchAnnouncement announcement;
  private final String clientNetwork;
  private final String presenceId;
  private @Nullable LobbySubscription subscription;

  /**
   * @param announcement tells the player of a match that has started
   * @param clientNetwork counts wrong codes
   * @param presenceId identifies the socket in the cluster
   */
  LobbyHandler(
      Connection connection,
      Bus bus,
      FanOut fanOut,
      PlayerId player,
      MatchAnnouncement announcement,
      String clientNetwork,
      String presenceId) {
    this.connection = connection;
    this.bus = bus;
    this.fanOut = fanOut;
    this.player = player;
    this.announcement = announcement;
    this.clientNetwork = clientNetwork;
    this.presenceId = presenceId;
  }

  /** Marks the player as online and sends {@code connected}. */
  Future<?> connect() {
    return bus.ask(new PresenceCommand.Arrive(player, presenceId))
        .onSuccess(arrival -> connection.send(ServerMessage.connected(arrival.player())))
        .otherwise(cause -> sendRefusal(cause, ""));
  }

  Future<?> create(boolean hidden) {
    return bus.ask(new LobbyCommand.OpenTeams(player, hidden))
        .compose(
            opened -> {
              connection.send(ServerMessage.lobbyCreated(opened));
              LobbySubscription created = subscribe(opened.id());
              subscription = created.markJoined();
              return catchUp(created, opened);
            })
        .<@Nullable Object>map(caughtUp -> caughtUp)
        .otherwise(cause -> sendRefusal(cause, ""));
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
    LobbySubscription pending = subscribe(join.lobby());
    return bus.ask(join)
        .onFailure(_ -> pending.end())
        .onSuccess(
            joined -> {
              Position joinedAt = joined.at();
              if (joinedAt == null) {
                // The player was a member before.
                pending.end();
                connection.send(ServerMessage.error("Already in lobby"));
              } else {
                subscription = pending;
                pending.startAfter(joinedAt.previous());
              }
            });
  }

  private LobbySubscription subscribe(LobbyId lobby) {
    var created =
        new LobbySubscription(
            lobby, player, connection, announcement, this::ended, () -> resubscribe(lobby));
    Subscription streamSubscription = fanOut.subscribe(Topic.lobby(lobby), created);
    return created.attach(streamSubscription);
  }

  /**
   * Subscribes again from the current state of the lobby, after events were lost. Sends {@code
   * lobby:left} if the player is no longer a member.
   */
  private void resubscribe(LobbyId lobby) {
    LobbySubscription renewed = subscribe(lobby).markJoined();
    subscription = renewed;
    bus.ask(new LobbyQuery.Find(lobby))
        .onSuccess(
            seen -> {
              Roster roster = seen.lobby().roster();
              if (roster == null || roster.find(player).isEmpty()) {
                connection.send(ServerMessage.LOBBY_LEFT);
                renewed.end();
              } else {
                connection.send(ServerMessage.lobbyUpdated(seen.lobby()));
                renewed.startAfter(seen.position());
              }
            })
        .onFailure(
            cause -> {
              if (ErrorTexts.isOutage(cause)) {
                connection.close(CloseReason.RESTART);
              } else {
                connection.send(ServerMessage.LOBBY_LEFT);
                renewed.end();
              }
            });
  }

  private void ended(LobbySubscription ended) {
    if (subscription == ended) {
      subscription = null;
    }
  }

  Future<?> leave() {
    LobbySubscription current = subscription;
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
    return change(new LobbyCommand.SetReady(player, ready, subscribedLobby()), "");
  }

  /** Returns the lobby that was joined on this socket, or null. */
  private @Nullable LobbyId subscribedLobby() {
    LobbySubscription current = subscription;
    return current == null ? null : current.lobby();
  }

  Future<?> fillBots() {
    return change(new LobbyCommand.FillBots(player), "Only lobby owner can add bots");
  }

  private Future<?> change(LobbyCommand<Lobby> command, String notHost) {
    return bus.ask(command)
        .onSuccess(
            lobby -> {
              if (subscription == null) {
                connection.send(ServerMessage.lobbyUpdated(lobby));
              }
            })
        .<@Nullable Lobby>map(lobby -> lobby)
        .otherwise(cause -> sendRefusal(cause, notHost));
  }

  Future<?> startMatch() {
    LobbySubscription current = subscription;
    return bus.ask(new LobbyCommand.StartMatch(player, subscribedLobby()))
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

  /** Leaves the lobby that was joined on this socket and marks the player as offline. */
  Future<?> disconnect() {
    LobbySubscription current = subscription;
    subscription = null;
    Future<?> leaving = Future.succeededFuture();
    if (current != null) {
      current.end();
      leaving = bus.ask(new LobbyCommand.Leave(player));
    }
    return Future.join(leaving, bus.ask(new PresenceCommand.Depart(player, presenceId, false)));
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
