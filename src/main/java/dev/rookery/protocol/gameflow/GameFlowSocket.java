package dev.rookery.protocol.gameflow;

import dev.rookery.edge.CloseReason;
import dev.rookery.edge.Connection;
import dev.rookery.edge.WebSocketListener;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The socket of one player. Its messages are handled one at a time and in order: the next begins
 * when the previous one has been answered.
 */
final class GameFlowSocket implements WebSocketListener {
  /** How many messages may wait; a client that exceeds this is closed. */
  private static final int QUEUED_MAX = 64;

  // What a message costs beside its text, of which the parsed message is about as large.
  private static final int MESSAGE_OVERHEAD = 512;

  private final Connection connection;
  private final PlayerSubscription player;
  private final LobbyHandler lobby;
  private final MatchmakingHandler matchmaking;
  private final Runnable onClosed;
  private final Deque<QueuedMessage> queued = new ArrayDeque<>(2);
  private boolean busy;

  /**
   * @param bytes that it counts in the memory budget until it is answered
   */
  private record QueuedMessage(ClientMessage message, int bytes) {}

  /**
   * @param onClosed called when the socket has closed
   */
  GameFlowSocket(
      Connection connection,
      PlayerSubscription player,
      LobbyHandler lobby,
      MatchmakingHandler matchmaking,
      Runnable onClosed) {
    this.connection = connection;
    this.player = player;
    this.lobby = lobby;
    this.matchmaking = matchmaking;
    this.onClosed = onClosed;
    // Game engines leave pings to us.
    connection.enableIdlePings();
  }

  void start() {
    busy = true;
    player.connect().onComplete(_ -> dispatchNext());
  }

  @Override
  public void onText(byte[] text) {
    ClientMessage message;
    try {
      message = ClientMessage.read(text);
    } catch (ClientMessage.Malformed _) {
      connection.send(ServerMessage.error("Invalid message format"));
      return;
    }
    int bytes = 2 * text.length + MESSAGE_OVERHEAD;
    if (!busy) {
      connection.addWaiting(bytes);
      dispatch(message, bytes);
    } else if (queued.size() < QUEUED_MAX) {
      connection.addWaiting(bytes);
      queued.add(new QueuedMessage(message, bytes));
    } else {
      connection.close(CloseReason.FLOOD);
    }
  }

  @Override
  public void onBinary(byte[] message) {
    connection.send(ServerMessage.error("Invalid message format"));
  }

  private void dispatchNext() {
    busy = false;
    QueuedMessage next = queued.poll();
    if (next != null) {
      dispatch(next.message, next.bytes);
    }
  }

  private void dispatch(ClientMessage message, int bytes) {
    busy = true;
    Future<?> done;
    try {
      done = dispatch(message.type(), message);
    } catch (ClientMessage.Malformed _) {
      connection.send(ServerMessage.error("Invalid message format"));
      done = Future.succeededFuture();
    }
    done.onComplete(
        _ -> {
          connection.removeWaiting(bytes);
          dispatchNext();
        });
  }

  private Future<?> dispatch(String type, ClientMessage message) {
    return switch (type) {
      case "ping" -> {
        connection.send(ServerMessage.PONG);
        yield Future.succeededFuture();
      }
      case "lobby:create" -> lobby.create(message.flag("isPrivate", false));
      case "lobby:join" -> lobby.join(message);
      case "lobby:leave" -> lobby.leave();
      case "lobby:ready" -> lobby.setReady(message.flag("ready", true));
      case "lobby:fill-bots" -> lobby.fillBots();
      case "lobby:start" -> lobby.startMatch();
      case "matchmaking:find" -> matchmaking.find(message);
      case "matchmaking:cancel" -> matchmaking.cancel();
      case "matchmaking:why" -> matchmaking.explain();
      default -> {
        connection.send(ServerMessage.error("Unknown message type"));
        yield Future.succeededFuture();
      }
    };
  }

  @Override
  public Future<?> onClose() {
    queued.clear();
    onClosed.run();
    return Future.join(lobby.disconnect(), matchmaking.disconnect(), player.disconnect());
  }
}
