package dev.rookery.protocol.openturn;

import dev.rookery.edge.CloseReason;
import dev.rookery.edge.Connection;
import dev.rookery.edge.EncodedFrame;
import dev.rookery.fanout.Delivery;
import dev.rookery.fanout.EventEncoder;
import dev.rookery.fanout.Subscription;
import dev.rookery.match.MatchCommand;
import dev.rookery.match.MatchCommand.ActResult;
import dev.rookery.match.MatchEvent;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** A socket of a player in a running match. */
final class GameSocket extends RoomSocket {
  static final EventEncoder<EncodedFrame> JOINED =
      delivery ->
          delivery.posted().event()
                  instanceof MatchEvent.PlayerConnected(_, var player, _, var connected)
              ? ServerMessage.presence("joined", player, connected)
              : unexpected(delivery);

  static final EventEncoder<EncodedFrame> LEFT =
      delivery ->
          delivery.posted().event()
                  instanceof MatchEvent.PlayerDisconnected(_, var player, var connected)
              ? ServerMessage.presence("left", player, connected)
              : unexpected(delivery);

  private SeatView view;

  GameSocket(Connection connection, RoomEntry entry, Subscription subscription, SeatView view) {
    super(connection, entry, subscription);
    this.view = view;
  }

  /** Encodes a batch for one player; the sockets of the same player on a node share the result. */
  private static final class BatchEncoder implements EventEncoder<EncodedFrame> {
    private final SeatView before;

    BatchEncoder(SeatView before) {
      this.before = before;
    }

    @Override
    public EncodedFrame encode(Delivery delivery) {
      return delivery.posted().event() instanceof MatchEvent.Advanced event
          ? ServerMessage.batch(event, before)
          : unexpected(delivery);
    }

    /** Sockets that are delivered the same event have seen the same before. */
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof BatchEncoder encoder
          && encoder.before.playerID().equals(before.playerID());
    }

    @Override
    public int hashCode() {
      return before.playerID().hashCode();
    }
  }

  private static EncodedFrame unexpected(Delivery delivery) {
    throw new IllegalStateException(delivery.posted().event().getClass().getName());
  }

  @Override
  Future<?> handle(byte[] message) {
    return switch (ClientMessage.readGame(message)) {
      case ClientMessage.Sync _ -> {
        send(ServerMessage.snapshot(view));
        yield Future.succeededFuture();
      }
      case ClientMessage.SaveRequest(var id) -> save(id);
      case ClientMessage.Action action -> act(action);
      case ClientMessage.Lobby _ -> Future.succeededFuture();
      case null -> Future.succeededFuture();
    };
  }

  private Future<?> save(String clientRequestID) {
    return entry()
        .services()
        .saves()
        .save(entry().room(), entry().user(), view.playerID())
        .onSuccess(id -> send(ServerMessage.saveReady(entry().room(), clientRequestID, id)))
        .onFailure(
            cause ->
                send(
                    ServerMessage.saveError(
                        entry().room(), clientRequestID, SaveFiles.reason(cause))));
  }

  private Future<?> act(ClientMessage.Action action) {
    return bus()
        .ask(
            new MatchCommand.Act(
                entry().room(),
                view.playerID(),
                action.event(),
                action.payload(),
                action.baseRevision(),
                action.clientActionID(),
                entry().services().ids().uuid()))
        .onSuccess(result -> answer(action, result))
        .onFailure(this::refusal);
  }

  /** What was accepted is told by the room's stream. */
  private void answer(ClientMessage.Action action, ActResult result) {
    String error = result.error();
    if (error != null) {
      send(
          ServerMessage.actionRejected(
              entry().room(), action.clientActionID(), action.event(), error, result));
    }
  }

  @Override
  public void onEvent(Delivery delivery) {
    switch (delivery.posted().event()) {
      case MatchEvent.Advanced event -> {
        send(delivery.encodedBy(new BatchEncoder(view)));
        view = view.after(event);
      }
      case MatchEvent.Restarted(var match) -> {
        view = SeatView.of(match, view.playerID(), view.payloads());
        send(ServerMessage.snapshot(view));
      }
      case MatchEvent.ReturnedToLobby _ -> close(CloseReason.RETURNING_TO_LOBBY);
      case MatchEvent.PlayerConnected(_, _, var first, _) -> {
        if (first) {
          send(delivery.encodedBy(JOINED));
        }
      }
      case MatchEvent.PlayerDisconnected _ -> send(delivery.encodedBy(LEFT));
      default -> {}
    }
  }
}
