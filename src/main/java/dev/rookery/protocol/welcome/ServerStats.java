package dev.rookery.protocol.welcome;

import dev.rookery.base.Page;
import dev.rookery.bus.Bus;
import dev.rookery.lease.ClusterQuery;
import dev.rookery.lease.NodeStatus;
import dev.rookery.lobby.LobbyQuery;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The live figures of the welcome page: players, lobbies and nodes. Queried at most once every
 * {@value #MAX_AGE_MS} ms, however many clients ask. Confined to one event loop.
 */
final class ServerStats {
  private static final long MAX_AGE_MS = 1_000;
  private static final LobbyQuery.Filter ANY =
      new LobbyQuery.Filter(null, null, null, null, null, null, null);

  private final Bus bus;
  private final InstantSource clock;
  private final String version;
  private @Nullable Future<Buffer> last;
  private long lastMs;

  ServerStats(Bus bus, InstantSource clock, String version) {
    this.bus = bus;
    this.clock = clock;
    this.version = version;
  }

  Future<Buffer> current() {
    long now = clock.millis();
    Future<Buffer> cached = last;
    if (cached == null || now - lastMs >= MAX_AGE_MS || cached.failed()) {
      cached = query();
      last = cached;
      lastMs = now;
    }
    return cached;
  }

  private Future<Buffer> query() {
    var nodes = bus.ask(new ClusterQuery.ListNodes());
    var lobbies = bus.ask(new LobbyQuery.ListOpen(ANY, new Page.Request(1, 1)));
    return Future.all(nodes, lobbies)
        .map(_ -> json(nodes.result(), lobbies.result().total()).toBuffer());
  }

  private JsonObject json(List<NodeStatus> nodes, long lobbies) {
    String nodeName =
        nodes.stream()
            .filter(NodeStatus::here)
            .map(node -> node.member().node())
            .findFirst()
            .orElse("");
    return new JsonObject()
        .put("players", nodes.stream().mapToLong(node -> node.member().players()).sum())
        .put("lobbies", lobbies)
        .put("nodes", nodes.size())
        .put("node", nodeName)
        .put("version", version);
  }
}
