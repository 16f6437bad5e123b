package dev.rookery.protocol.gameflow;

import dev.rookery.base.Event;
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
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends the events of one lobby to a socket, from the join of its player until the player leaves,
 * is removed, or the lobby ends.
 */
final class LobbySubscription implements Subscriber {
  static final EventEncoder<Optional<EncodedFrame>> ENCODER =
      delivery -> Optional.ofNullable(encode(delivery));

  private final LobbyId lobby;
  private final PlayerId player;
  private final Connection connection;
  private final MatchAnnouncement announcement;
  private final Consumer<LobbySubscription> onEnded;
  private final Consumer<LobbySubscription> onLost;
  private final Promise<Void> ended = Promise.promise();
  private @Nullable Subscription subscription;
  private boolean joined;
  private boolean enteredHere;

  /**
   * @param announcement tells the player of the match that the lobby starts
   * @param onEnded called when the subscription has ended, for any reason
   * @param onLost called instead when events were lost that can no longer be read from the history
   */
  LobbySubscription(
      LobbyId lobby,
      PlayerId player,
      Connection connection,
      MatchAnnouncement announcement,
      Consumer<LobbySubscription> onEnded,
      Consumer<LobbySubscription> onLost) {
    this.lobby = lobby;
    this.player = player;
    this.connection = connection;
    this.announcement = announcement;
    this.onEnded = onEnded;
    this.onLost = onLost;
  }

  LobbySubscription attach(Subscription subscription) {
    this.subscription = subscription;
    return this;
  }

  LobbyId lobby() {
    return lobby;
  }

  /** Marks the player as a member already; otherwise events before their join are not sent. */
  LobbySubscription markJoined() {
    joined = true;
    return this;
  }

  /** Marks the lobby as one that the player leaves when this socket closes. */
  LobbySubscription enteredHere() {
    enteredHere = true;
    return this;
  }

  boolean isEnteredHere() {
    return enteredHere;
  }

  void startAfter(Position position) {
    if (subscription != null) {
      subscription.startAfter(position);
    }
  }

  /** Completes when the subscription has ended and the player has been told. */
  Future<Void> ended() {
    return ended.future();
  }

  void end() {
    cancel();
    onEnded.accept(this);
  }

  private void cancel() {
    if (subscription != null) {
      subscription.cancel();
    }
    ended.tryComplete();
  }

  @Override
  public void onLost() {
    cancel();
    onLost.accept(this);
  }

  @Override
  public String wire() {
    return GameFlowPreview.WIRE;
  }

  @Override
  public void onEvent(Delivery delivery) {
    var event = delivery.posted().event();
    if (!joined) {
      if (!isOwnJoin(event)) {
        return;
      }
      joined = true;
    }
    delivery.encodedBy(ENCODER).ifPresent(connection::send);
    switch (event) {
      case LobbyEvent.Left(_, var leaving, _) when leaving.equals(player) -> endWithLobbyLeft();
      case LobbyEvent.Kicked(_, var leaving, _) when leaving.equals(player) -> endWithLobbyLeft();
      case LobbyEvent.Closed _ -> endWithLobbyLeft();
      case LobbyEvent.MatchStarted(var lobbyOfMatch, var match) -> {
        connection.send(announcement.started(match, LobbyUuid.of(lobbyOfMatch.id())));
        end();
      }
      default -> {}
    }
  }

  private boolean isOwnJoin(Event event) {
    return switch (event) {
      case LobbyEvent.Joined(_, var joining) -> joining.id().equals(player);
      case LobbyEvent.PartyJoined(_, var joining) -> joining.id().equals(player);
      default -> false;
    };
  }

  private void endWithLobbyLeft() {
    connection.send(ServerMessage.LOBBY_LEFT);
    end();
  }

  private static @Nullable EncodedFrame encode(Delivery delivery) {
    if (!(delivery.posted().event() instanceof LobbyEvent event)) {
      return null;
    }
    return switch (event) {
      case LobbyEvent.Joined(var lobby, _) -> ServerMessage.lobbyUpdated(lobby);
      case LobbyEvent.PartyJoined(var lobby, _) -> ServerMessage.lobbyUpdated(lobby);
      case LobbyEvent.Left(var lobby, _, _) -> ServerMessage.lobbyUpdated(lobby);
      case LobbyEvent.Kicked(var lobby, _, _) -> ServerMessage.lobbyUpdated(lobby);
      case LobbyEvent.Changed(var lobby, _) -> ServerMessage.lobbyUpdated(lobby);
      case LobbyEvent.TeamsChanged(var lobby) -> ServerMessage.lobbyUpdated(lobby);
      case LobbyEvent.Closed(var lobby, _) -> ServerMessage.lobbyDeleted(lobby);
      // Opened comes before any subscription; HostChanged follows an event that shows the new
      // owner; each player is told of a match in a message of their own.
      case LobbyEvent.Opened _, LobbyEvent.HostChanged _, LobbyEvent.MatchStarted _ -> null;
    };
  }
}
