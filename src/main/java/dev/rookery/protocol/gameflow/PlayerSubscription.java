package dev.rookery.protocol.gameflow;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Topic;
import dev.rookery.bus.Bus;
import dev.rookery.edge.CloseReason;
import dev.rookery.edge.Connection;
import dev.rookery.fanout.Delivery;
import dev.rookery.fanout.FanOut;
import dev.rookery.fanout.Subscriber;
import dev.rookery.fanout.Subscription;
import dev.rookery.matchmaking.MatchmakingEvent;
import dev.rookery.player.PlayerEvent;
import dev.rookery.presence.Arrival;
import dev.rookery.presence.PresenceCommand;
import io.vertx.core.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes a player online while their socket is open, and tells it what happens to the player: which
 * lobby they are in, and what became of searches. Confined to the event loop of the socket.
 */
final class PlayerSubscription implements Subscriber {
  private final Connection connection;
  private final Bus bus;
  private final FanOut fanOut;
  private final PlayerId player;
  private final String presenceId;
  private final LobbyHandler lobby;
  private final MatchmakingHandler matchmaking;
  private @Nullable Subscription subscription;
  private boolean closed;

  /**
   * @param presenceId identifies the socket in the cluster
   */
  PlayerSubscription(
      Connection connection,
      Bus bus,
      FanOut fanOut,
      PlayerId player,
      String presenceId,
      LobbyHandler lobby,
      MatchmakingHandler matchmaking) {
    this.connection = connection;
    this.bus = bus;
    this.fanOut = fanOut;
    this.player = player;
    this.presenceId = presenceId;
    this.lobby = lobby;
    this.matchmaking = matchmaking;
  }

  /**
   * Makes the player online and sends {@code connected}, and the lobby that they are in. The result
   * completes when the answer has been sent, and never fails.
   */
  Future<?> connect() {
    return follow(arrival -> connection.send(ServerMessage.connected(arrival.player())))
        .onFailure(cause -> connection.send(ServerMessage.error(ErrorTexts.text(cause, ""))))
        .otherwiseEmpty();
  }

  private Future<Arrival> follow(Consumer<Arrival> first) {
    Subscription subscribed = fanOut.subscribe(Topic.player(player), this);
    subscription = subscribed;
    return bus.ask(new PresenceCommand.Arrive(player, presenceId))
        .onFailure(_ -> subscribed.cancel())
        .onSuccess(
            arrival -> {
              if (!closed) {
                first.accept(arrival);
                lobby.onMoved(arrival.player().lobby());
                subscribed.startAfter(arrival.position());
              }
            });
  }

  @Override
  public void onEvent(Delivery delivery) {
    switch (delivery.posted().event()) {
      case PlayerEvent.Changed(var changed) -> lobby.onMoved(changed.lobby());
      case MatchmakingEvent outcome -> matchmaking.onOutcome(outcome);
      default -> {}
    }
  }

  @Override
  public void onLost() {
    matchmaking.onOutcomesLost();
    follow(_ -> {}).onFailure(_ -> connection.close(CloseReason.RESTART));
  }

  @Override
  public String wire() {
    return GameFlowPreview.WIRE;
  }

  /** Makes the player offline after the grace period, unless they have another connection. */
  Future<?> disconnect() {
    closed = true;
    if (subscription != null) {
      subscription.cancel();
    }
    return bus.undo(new PresenceCommand.Depart(player, presenceId, false));
  }
}
