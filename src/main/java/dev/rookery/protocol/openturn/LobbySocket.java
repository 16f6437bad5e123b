package dev.rookery.protocol.openturn;

import dev.rookery.bus.Done;
import dev.rookery.edge.CloseReason;
import dev.rookery.edge.Connection;
import dev.rookery.edge.EncodedFrame;
import dev.rookery.fanout.Delivery;
import dev.rookery.fanout.EventEncoder;
import dev.rookery.fanout.Subscription;
import dev.rookery.match.MatchCommand;
import dev.rookery.match.MatchEvent;
import dev.rookery.match.RoomInfo;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A socket in the lobby of a room, until the match starts or the room is closed. */
final class LobbySocket extends RoomSocket {
  static final EventEncoder<EncodedFrame> STATE =
      delivery ->
          delivery.posted().event() instanceof MatchEvent.LobbyChanged(var info)
              ? ServerMessage.lobbyState(info)
              : ServerMessage.lobbyUnreadable();

  LobbySocket(Connection connection, RoomEntry entry, Subscription subscription) {
    super(connection, entry, subscription);
  }

  @Override
  Future<?> handle(byte[] message) {
    ClientMessage.Lobby read = ClientMessage.readLobby(message);
    if (read == null) {
      send(ServerMessage.lobbyUnreadable());
      return Future.succeededFuture();
    }
    String configKey = read instanceof ClientMessage.SetConfig(_, var key, _) ? key : null;
    return bus().ask(command(read)).onFailure(cause -> reject(cause, read.type(), configKey));
  }

  private MatchCommand<Done> command(ClientMessage.Lobby message) {
    String room = entry().room();
    String user = entry().user();
    return switch (message) {
      case ClientMessage.TakeSeat(_, var seat) ->
          new MatchCommand.TakeSeat(room, user, entry().userName(), seat);
      case ClientMessage.LeaveSeat _ -> new MatchCommand.LeaveSeat(room, user);
      case ClientMessage.SetReady(_, var ready) -> new MatchCommand.SetReady(room, user, ready);
      case ClientMessage.Start _ -> new MatchCommand.Start(room, user);
      case ClientMessage.Close _ -> new MatchCommand.CloseRoom(room, user);
      case ClientMessage.AssignBot(_, var seat, var bot) ->
          new MatchCommand.AssignBot(room, user, seat, bot);
      case ClientMessage.ClearSeat(_, var seat) -> new MatchCommand.ClearSeat(room, user, seat);
      case ClientMessage.SetTargetCapacity(_, var capacity) ->
          new MatchCommand.SetTargetCapacity(room, user, capacity);
      case ClientMessage.SetConfig(_, var key, var value) ->
          new MatchCommand.SetConfig(room, user, key, value);
    };
  }

  private void reject(Throwable cause, String type, @Nullable String configKey) {
    String reason = refusal(cause);
    if (!reason.isEmpty()) {
      String shown = reason.equals("unknown_room") ? "room_closed" : reason;
      send(ServerMessage.lobbyRejected(shown, type, configKey));
    }
  }

  @Override
  public void onEvent(Delivery delivery) {
    switch (delivery.posted().event()) {
      case MatchEvent.LobbyChanged _ -> send(delivery.encodedBy(STATE));
      case MatchEvent.Closed(_, var reason) -> {
        send(ServerMessage.lobbyClosed(reason));
        close(reason.equals("host_left") ? CloseReason.HOST_LEFT : CloseReason.HOST_CLOSE);
      }
      case MatchEvent.Started(var info) -> {
        moveToGame(info);
        close(CloseReason.LOBBY_TRANSITION);
      }
      default -> {}
    }
  }

  private void moveToGame(RoomInfo info) {
    Optional<String> player = info.playerOf(entry().user());
    if (player.isPresent()) {
      var issued =
          entry()
              .services()
              .issuer()
              .forGame(info, entry().user(), player.get(), entry().session());
      send(ServerMessage.transition(info, player.get(), issued, entry().connectUrl()));
    } else {
      send(ServerMessage.lobbyClosed("room_closed"));
    }
  }
}
