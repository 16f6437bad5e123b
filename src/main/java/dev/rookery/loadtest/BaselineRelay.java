package dev.rookery.loadtest;

import io.vertx.core.http.ServerWebSocket;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A naive relay on plain Vert.x sockets. */
final class BaselineRelay {
  private final Map<String, ServerWebSocket[]> rooms = new HashMap<>();

  void open(ServerWebSocket socket) {
    socket.textMessageHandler(new Player(socket)::receive);
  }

  private final class Player {
    private final ServerWebSocket socket;
    private ServerWebSocket @Nullable [] room;
    private int seat;

    Player(ServerWebSocket socket) {
      this.socket = socket;
    }

    void receive(String text) {
      if (room != null) {
        ServerWebSocket other = room[1 - seat];
        if (other != null) {
          other.writeTextMessage(text);
        }
      } else if (text.startsWith("* ")) {
        int separator = text.indexOf('_');
        String name = text.substring(2, separator);
        seat = text.charAt(separator + 1) == '0' ? 0 : 1;
        room = rooms.computeIfAbsent(name, _ -> new ServerWebSocket[2]);
        room[seat] = socket;
        socket.closeHandler(_ -> rooms.remove(name));
      }
    }
  }
}
