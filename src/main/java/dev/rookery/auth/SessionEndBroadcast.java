package dev.rookery.auth;

import dev.rookery.base.SessionId;
import dev.rookery.bus.Bus;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What nodes say to each other when sessions end: their ids, one on each line. */
final class SessionEndBroadcast {
  private static final String ADDRESS = "session/ended";
  private static final int IDS_PER_MESSAGE_MAX = 1_000;

  private SessionEndBroadcast() {}

  /** At most once, to every node that listens, this one too. */
  static void publish(Bus bus, List<SessionId> ended) {
    for (int from = 0; from < ended.size(); from += IDS_PER_MESSAGE_MAX) {
      var some = ended.subList(from, Math.min(ended.size(), from + IDS_PER_MESSAGE_MAX));
      bus.broadcast(
          ADDRESS,
          Buffer.buffer(some.stream().map(SessionId::value).collect(Collectors.joining("\n"))));
    }
  }

  static Future<Void> listen(Bus bus, Consumer<SessionId> handler) {
    return bus.listen(
        ADDRESS, text -> text.toString().lines().map(SessionId::new).forEach(handler));
  }
}
