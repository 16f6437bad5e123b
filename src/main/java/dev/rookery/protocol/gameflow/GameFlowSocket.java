package dev.rookery.protocol.gameflow;

import dev.rookery.edge.CloseReason;
import dev.rookery.edge.Connection;
import dev.rookery.edge.WebSocketListener;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * One socket of a player. What he says is done one after the other, in his order: the next begins
 * when the one before has been answered.
 */
final class GameFlowSocket implements WebSocketListener {
  /** How much he may say before he is answered. */
  private static final int WAITING_MAX = 64;

  private final Connection connection;
  private final LobbyHandler lobby;
  private final MatchmakingHandler search;
  private final Runnable last;
  private final Deque<ClientMessage> waiting = new ArrayDeque<>(2);
  private boolean busy;

  /**
   * @param last to be done when the socket is gone
   */
  GameFlowSocket(
      Connection connection, LobbyHandler lobby, MatchmakingHandler search, Runnable last) {
    this.connection = connection;
    this.lobby = lobby;
    this.search = search;
    this.last = last;
    // Game engines leave pings to us.
    connection.enableIdlePings();
  }

  void start() {
    busy = true;
    lobby.begin().onComplete(_ -> next());
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
    if (!busy) {
      act(message);
    } else if (waiting.size() < WAITING_MAX) {
      waiting.add(message);
    } else {
      connection.close(CloseReason.FLOOD);
    }
  }

  @Override
  public void onBinary(byte[] message) {
    connection.send(ServerMessage.error("Invalid message format"));
  }

  private void next() {
    busy = false;
    ClientMessage message = waiting.poll();
    if (message != null) {
      act(message);
    }
  }

  private void act(ClientMessage message) {
    busy = true;
    Future<?> done;
    try {
      done = act(message.type(), message);
    } catch (ClientMessage.Malformed _) {
      connection.send(ServerMessage.error("Invalid message format"));
      done = Future.succeededFuture();
    }
    done.onComplete(_ -> next());
  }

  private Future<?> act(String type, ClientMessage message) {
    return switch (type) {
      case "ping" -> {
        connection.send(ServerMessage.PONG);
        yield Future.succeededFuture();
      }
      case "lobby:create" -> lobby.create(message.flag("isPrivate", false));
      case "lobby:join" -> lobby.join(message);
      case "lobby:leave" -> lobby.leave();
      case "lobby:ready" -> lobby.ready(message.flag("ready", true));
      case "lobby:fill-bots" -> lobby.fillBots();
      case "lobby:start" -> lobby.startMatch();
      case "matchmaking:find" -> search.find(message);
      case "matchmaking:cancel" -> search.cancel();
      case "matchmaking:why" -> search.why();
      default -> {
        connection.send(ServerMessage.error("Unknown message type"));
        yield Future.succeededFuture();
      }
    };
  }

  @Override
  public Future<?> onClose() {
    waiting.clear();
    last.run();
    return Future.join(lobby.end(), search.gone());
  }
}
