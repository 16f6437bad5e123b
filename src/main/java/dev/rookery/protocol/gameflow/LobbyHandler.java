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
  private static final String CODE = "[1-9]\\d{5}";

  private final Connection connection;
  private final Bus bus;
  private final FanOut fanOut;
  private final PlayerId player;
  private final String presence;
  private @Nullable LobbySubscription stay;

  /**
   * @param presence names the socket among all of the cluster
   */
  LobbyHandler(Connection connection, Bus bus, FanOut fanOut, PlayerId player, String presence) {
    this.connection = connection;
    this.bus = bus;
    this.fanOut = fanOut;
    this.player = player;
    this.presence = presence;
  }

  /** Says hello. */
  Future<?> begin() {
    return bus.ask(new PresenceCommand.Arrive(player, presence))
        .onSuccess(arrival -> connection.send(ServerMessage.connected(arrival.player())))
        .otherwise(cause -> refused(cause, ""));
  }

  Future<?> create(boolean hidden) {
    return bus.ask(new LobbyCommand.OpenTeams(player, hidden))
        .compose(
            opened -> {
              connection.send(ServerMessage.lobbyCreated(opened));
              LobbySubscription entered = follow(opened.id());
              stay = entered.entered();
              return sinceOpened(entered, opened);
            })
        .<@Nullable Object>map(seen -> seen)
        .otherwise(cause -> refused(cause, ""));
  }

  /** Somebody may have come before we listened. */
  private Future<?> sinceOpened(LobbySubscription entered, Lobby opened) {
    Optional<Position> asOpened =
        fanOut.latestPosition(Topic.lobby(opened.id())).filter(Position::isFirst);
    if (asOpened.isPresent()) {
      entered.from(asOpened.get());
      return Future.succeededFuture();
    }
    return bus.ask(new LobbyQuery.Find(opened.id(), null))
        .onSuccess(
            seen -> {
              if (seen.lobby().revision() > opened.revision()) {
                connection.send(ServerMessage.lobbyUpdated(seen.lobby()));
              }
              entered.from(seen.position());
            });
  }

  Future<?> join(ClientMessage message) {
    String code = message.text("code");
    String named = message.text("lobbyId");
    String password = message.text("password");
    Team team = team(message.text("team"));
    if (code == null && named == null) {
      return answer("Lobby ID or code required");
    }
    Integer number = code != null && code.matches(CODE) ? Integer.valueOf(code) : null;
    LobbyId lobby = code != null || named == null ? null : LobbyUuid.parse(named).orElse(null);
    if (number == null && lobby == null) {
      return answer("Lobby not found");
    }
    Future<LobbyId> found =
        lobby != null
            ? Future.succeededFuture(lobby)
            : bus.ask(new LobbyQuery.Find(null, number)).map(seen -> seen.lobby().id());
    return found
        .compose(id -> join(new LobbyCommand.JoinTeam(id, player, number, team, password)))
        .<@Nullable Object>map(entered -> entered)
        .otherwise(cause -> refused(cause, ""));
  }

  /** Listens first, so that his own coming is the first he hears. */
  private Future<?> join(LobbyCommand.JoinTeam join) {
    LobbySubscription coming = follow(join.lobby());
    return bus.ask(join)
        .onFailure(_ -> coming.end())
        .onSuccess(
            entry -> {
              Position at = entry.at();
              if (at == null) {
                // He did not come just now.
                coming.end();
                connection.send(ServerMessage.error("Already in lobby"));
              } else {
                stay = coming;
                coming.from(at.previous());
              }
            });
  }

  private LobbySubscription follow(LobbyId lobby) {
    var coming = new LobbySubscription(lobby, player, connection, this::over, () -> again(lobby));
    Subscription following = fanOut.subscribe(Topic.lobby(lobby), coming);
    return coming.following(following);
  }

  /** Afresh, from what the lobby is like now; if he is not in it any more, he is told so. */
  private void again(LobbyId lobby) {
    LobbySubscription anew = follow(lobby).entered();
    stay = anew;
    bus.ask(new LobbyQuery.Find(lobby, null))
        .onSuccess(
            seen -> {
              Roster roster = seen.lobby().roster();
              if (roster == null || roster.find(player).isEmpty()) {
                connection.send(ServerMessage.LOBBY_LEFT);
                anew.end();
              } else {
                connection.send(ServerMessage.lobbyUpdated(seen.lobby()));
                anew.from(seen.position());
              }
            })
        .onFailure(
            cause -> {
              if (ErrorTexts.isAway(cause)) {
                connection.close(CloseReason.RESTART);
              } else {
                connection.send(ServerMessage.LOBBY_LEFT);
                anew.end();
              }
            });
  }

  private void over(LobbySubscription ended) {
    if (stay == ended) {
      stay = null;
    }
  }

  Future<?> leave() {
    LobbySubscription mine = stay;
    if (mine == null) {
      return leaveElsewhere();
    }
    Future<?> told = mine.told();
    return bus.ask(new LobbyCommand.Leave(player))
        .<@Nullable Object>compose(_ -> told.mapEmpty())
        .otherwise(cause -> refused(cause, ""));
  }

  private Future<?> leaveElsewhere() {
    return bus.ask(new PlayerCommand.Find(player))
        .<@Nullable Object>compose(
            found ->
                found.lobby() == null
                    ? answer("Not in a lobby").mapEmpty()
                    : bus.ask(new LobbyCommand.Leave(player))
                        .onSuccess(_ -> connection.send(ServerMessage.LOBBY_LEFT))
                        .mapEmpty())
        .otherwise(cause -> refused(cause, ""));
  }

  Future<?> ready(boolean ready) {
    return changed(new LobbyCommand.SetReady(player, ready, seenIn()), "");
  }

  /** Null if he is in none by this socket. */
  private @Nullable LobbyId seenIn() {
    LobbySubscription mine = stay;
    return mine == null ? null : mine.lobby();
  }

  Future<?> fillBots() {
    return changed(new LobbyCommand.FillBots(player), "Only lobby owner can add bots");
  }

  private Future<?> changed(LobbyCommand<Lobby> command, String notHost) {
    return bus.ask(command)
        .onSuccess(
            lobby -> {
              if (stay == null) {
                connection.send(ServerMessage.lobbyUpdated(lobby));
              }
            })
        .<@Nullable Lobby>map(lobby -> lobby)
        .otherwise(cause -> refused(cause, notHost));
  }

  Future<?> startMatch() {
    LobbySubscription mine = stay;
    return bus.ask(new LobbyCommand.StartMatch(player, seenIn()))
        .<@Nullable Object>compose(
            match -> {
              if (mine != null) {
                return mine.told().mapEmpty();
              }
              connection.send(ServerMessage.matchStarted(match, null));
              return Future.succeededFuture();
            })
        .otherwise(cause -> refused(cause, "Only lobby owner can start match"));
  }

  /** The socket is gone, and its player with it. */
  Future<?> end() {
    LobbySubscription mine = stay;
    stay = null;
    Future<?> left = Future.succeededFuture();
    if (mine != null) {
      mine.end();
      left = bus.ask(new LobbyCommand.Leave(player));
    }
    return Future.join(left, bus.ask(new PresenceCommand.Depart(player, presence, false)));
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

  private Future<Void> answer(String error) {
    connection.send(ServerMessage.error(error));
    return Future.succeededFuture();
  }

  private <T> @Nullable T refused(Throwable cause, String notHost) {
    connection.send(ServerMessage.error(ErrorTexts.words(cause, notHost)));
    return null;
  }
}
