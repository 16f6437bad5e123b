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
import dev.rookery.lobby.LobbyUuid;
import dev.rookery.lobby.Roster;
import dev.rookery.lobby.Team;
import dev.rookery.player.PlayerCommand;
import dev.rookery.presence.PresenceCommand;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one socket does with lobbies. It follows the lobby that was entered through it, and what its
 * player is told of it comes from there; commands on a lobby that he entered elsewhere are answered
 * to him alone. Every future ends when the answer was sent, and never fails.
 */
final class LobbyHandler {
  private static final String CODE_PATTERN = "[1-9]\\d{5}";

  private final Connection connection;
  private final Bus bus;
  private final FanOut fanOut;
  private final PlayerId player;
  private final String presenceId;
  private @Nullable LobbySubscription subscription;

  /**
   * @param presence names the socket among all of the cluster
   */
  LobbyHandler(Connection connection, Bus bus, FanOut fanOut, PlayerId player, String presence) {
    this.connection = connection;
    this.bus = bus;
    this.fanOut = fanOut;
    this.player = player;
    this.presenceId = presence;
  }

  /** Says hello. */
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
        .<@Nullable Object>map(seen -> seen)
        .otherwise(cause -> sendRefusal(cause, ""));
  }

  /** Somebody may have come before we listened. */
  private Future<?> catchUp(LobbySubscription created, Lobby opened) {
    Optional<Position> asOpened =
        fanOut.latestPosition(Topic.lobby(opened.id())).filter(Position::isFirst);
    if (asOpened.isPresent()) {
      created.startAfter(asOpened.get());
      return Future.succeededFuture();
    }
    return bus.ask(new LobbyQuery.Find(opened.id(), null))
        .onSuccess(
            seen -> {
              if (seen.lobby().revision() > opened.revision()) {
                connection.send(ServerMessage.lobbyUpdated(seen.lobby()));
              }
              created.startAfter(seen.position());
            });
  }

  Future<?> join(ClientMessage message) {
    String code = message.text("code");
    String lobbyId = message.text("lobbyId");
    String password = message.text("password");
    Team team = team(message.text("team"));
    if (code == null && lobbyId == null) {
      return sendError("Lobby ID or code required");
    }
    Integer number = code != null && code.matches(CODE_PATTERN) ? Integer.valueOf(code) : null;
    LobbyId lobby = code != null || lobbyId == null ? null : LobbyUuid.parse(lobbyId).orElse(null);
    if (number == null && lobby == null) {
      return sendError("Lobby not found");
    }
    Future<LobbyId> found =
        lobby != null
            ? Future.succeededFuture(lobby)
            : bus.ask(new LobbyQuery.Find(null, number)).map(seen -> seen.lobby().id());
    return found
        .compose(id -> join(new LobbyCommand.JoinTeam(id, player, number, team, password)))
        .<@Nullable Object>map(entered -> entered)
        .otherwise(cause -> sendRefusal(cause, ""));
  }

  /** Listens first, so that his own coming is the first he hears. */
  private Future<?> join(LobbyCommand.JoinTeam join) {
    LobbySubscription pending = subscribe(join.lobby());
    return bus.ask(join)
        .onFailure(_ -> pending.end())
        .onSuccess(
            entry -> {
              Position at = entry.at();
              if (at == null) {
                // He did not come just now.
                pending.end();
                connection.send(ServerMessage.error("Already in lobby"));
              } else {
                subscription = pending;
                pending.startAfter(at.previous());
              }
            });
  }

  private LobbySubscription subscribe(LobbyId lobby) {
    var created =
        new LobbySubscription(lobby, player, connection, this::ended, () -> resubscribe(lobby));
    Subscription following = fanOut.subscribe(Topic.lobby(lobby), created);
    return created.attach(following);
  }

  /** Afresh, from what the lobby is like now; if he is not in it any more, he is told so. */
  private void resubscribe(LobbyId lobby) {
    LobbySubscription renewed = subscribe(lobby).markJoined();
    subscription = renewed;
    bus.ask(new LobbyQuery.Find(lobby, null))
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

  /** Null if he is in none by this socket. */
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
              connection.send(ServerMessage.matchStarted(match, null));
              return Future.succeededFuture();
            })
        .otherwise(cause -> sendRefusal(cause, "Only lobby owner can start match"));
  }

  /** The socket is gone, and its player with it. */
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
    if (team == null) {
      return null;
    }
    return switch (team) {
      case "A" -> Team.A;
      case "B" -> Team.B;
      default -> throw new ClientMessage.Malformed();
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
