package dev.rookery.protocol.gameflow;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.edge.Connection;
import dev.rookery.edge.EncodedFrame;
import dev.rookery.fanout.Delivery;
import dev.rookery.fanout.EventEncoder;
import dev.rookery.fanout.Subscriber;
import dev.rookery.fanout.Subscription;
import dev.rookery.lobby.LobbyEvent;
import dev.rookery.lobby.LobbyUuid;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A player's time in one lobby, as his socket hears of it: from his own coming to his own going.
 */
final class LobbySubscription implements Subscriber {
  private static final EventEncoder<Optional<EncodedFrame>> WIRE =
      delivery -> Optional.ofNullable(packet(delivery));

  private final LobbyId lobby;
  private final PlayerId player;
  private final Connection connection;
  private final Consumer<LobbySubscription> onEnded;
  private final Runnable resubscribe;
  private final Promise<Void> ended = Promise.promise();
  private @Nullable Subscription subscription;
  private boolean joined;

  /**
   * @param over told when it has ended, however
   * @param again told when more was missed than can be made up for
   */
  LobbySubscription(
      LobbyId lobby,
      PlayerId player,
      Connection connection,
      Consumer<LobbySubscription> over,
      Runnable again) {
    this.lobby = lobby;
    this.player = player;
    this.connection = connection;
    this.onEnded = over;
    this.resubscribe = again;
  }

  LobbySubscription attach(Subscription following) {
    this.subscription = following;
    return this;
  }

  LobbyId lobby() {
    return lobby;
  }

  /** He is in it already; else nothing is heard before his coming. */
  LobbySubscription markJoined() {
    joined = true;
    return this;
  }

  void startAfter(Position position) {
    if (subscription != null) {
      subscription.startAfter(position);
    }
  }

  /** Ends when he has been told that it is over. */
  Future<Void> ended() {
    return ended.future();
  }

  void end() {
    if (subscription != null) {
      subscription.cancel();
    }
    ended.tryComplete();
    onEnded.accept(this);
  }

  @Override
  public void onLost() {
    end();
    resubscribe.run();
  }

  @Override
  public void onEvent(Delivery delivery) {
    var event = delivery.posted().event();
    if (!joined) {
      if (!(event instanceof LobbyEvent.Joined(_, var who) && who.id().equals(player))) {
        return;
      }
      joined = true;
    }
    delivery.encodedBy(WIRE).ifPresent(connection::send);
    switch (event) {
      case LobbyEvent.Left(_, var who, _) when who.equals(player) -> endWithLobbyLeft();
      case LobbyEvent.Kicked(_, var who, _) when who.equals(player) -> endWithLobbyLeft();
      case LobbyEvent.Closed _ -> endWithLobbyLeft();
      case LobbyEvent.MatchStarted _ -> end();
      default -> {}
    }
  }

  private void endWithLobbyLeft() {
    connection.send(ServerMessage.LOBBY_LEFT);
    end();
  }

  private static @Nullable EncodedFrame packet(Delivery delivery) {
    if (!(delivery.posted().event() instanceof LobbyEvent event)) {
      return null;
    }
    return switch (event) {
      case LobbyEvent.Joined(var lobby, _) -> ServerMessage.lobbyUpdated(lobby);
      case LobbyEvent.Left(var lobby, _, _) -> ServerMessage.lobbyUpdated(lobby);
      case LobbyEvent.Kicked(var lobby, _, _) -> ServerMessage.lobbyUpdated(lobby);
      case LobbyEvent.Changed(var lobby, _) -> ServerMessage.lobbyUpdated(lobby);
      case LobbyEvent.TeamsChanged(var lobby) -> ServerMessage.lobbyUpdated(lobby);
      case LobbyEvent.Closed(var lobby, _) -> ServerMessage.lobbyDeleted(lobby);
      case LobbyEvent.MatchStarted(var lobby, var match) ->
          ServerMessage.matchStarted(match, LobbyUuid.of(lobby.id()));
      // Said by what comes before them.
      case LobbyEvent.Opened _, LobbyEvent.HostChanged _ -> null;
    };
  }
}
