package dev.rookery.auth;

import dev.rookery.base.SessionId;
import dev.rookery.bus.Bus;
import dev.rookery.store.Placeholders;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Broadcasts the ids of ended sessions to all nodes, one id per line. */
final class SessionEndBroadcast {
  private static final String ADDRESS = "session/ended";

  private SessionEndBroadcast() {}

  /** Sends the ids to every node, including this one. Delivery is at most once. */
  static void publish(Bus bus, List<SessionId> ended) {
    Placeholders.inParts(
        ended,
        part ->
            bus.broadcast(
                ADDRESS,
                Buffer.buffer(
                    part.stream().map(SessionId::value).collect(Collectors.joining("\n")))));
  }

  /** Calls the handler with the id of each session that ends on any node. */
  static Future<Void> listen(Bus bus, Consumer<SessionId> handler) {
    return bus.listen(
        ADDRESS, text -> text.toString().lines().map(SessionId::new).forEach(handler));
  }
}
