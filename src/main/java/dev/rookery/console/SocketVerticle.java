package dev.rookery.console;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.cluster.NodeCalls;
import dev.rookery.console.PlayerSockets.PlayerSocket;
import dev.rookery.console.SocketQuery.NodeSocket;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Answers {@link SocketQuery}, and the same questions of other nodes. Runs on virtual threads. */
public final class SocketVerticle extends VerticleBase {
  private static final String SOCKETS = "player.sockets";
  private static final String CLOSE = "player.socket.close";
  private static final String PLAYER = "player";

  private final Bus bus;
  private final NodeCalls calls;
  private final PlayerSockets sockets;

  /**
   * @param calls shared with others; started by one of them
   */
  public SocketVerticle(Bus bus, NodeCalls calls, PlayerSockets sockets) {
    this.bus = bus;
    this.calls = calls;
    this.sockets = sockets;
  }

  @Override
  public Future<?> start() {
    calls.answer(SOCKETS, this::sockets);
    calls.answer(CLOSE, this::close);
    return bus.<SocketQuery<?>>serve(SocketQuery.ADDRESS, this::answer);
  }

  private Object answer(SocketQuery<?> query) {
    return switch (query) {
      case SocketQuery.ListSockets(var player) -> list(player);
      case SocketQuery.CloseSocket close -> close(close);
    };
  }

  private SocketQuery.SocketPage list(PlayerId player) {
    NodeCalls.Answers answers =
        calls.askAll(SOCKETS, JsonObject.of(PLAYER, player.value())).await();
    var found = new ArrayList<NodeSocket>();
    answers
        .byNode()
        .forEach((name, answer) -> found.addAll(read(name, answer.getJsonArray("sockets"))));
    return new SocketQuery.SocketPage(List.copyOf(found), answers.silent());
  }

  private static List<NodeSocket> read(String node, JsonArray sockets) {
    return sockets.stream()
        .map(JsonObject.class::cast)
        .map(
            json ->
                new NodeSocket(
                    node,
                    new PlayerSocket(
                        json.getLong("id"),
                        json.getString("path"),
                        json.getJsonArray("topics").stream().map(String.class::cast).toList(),
                        json.getLong("queued"))))
        .toList();
  }

  private Done close(SocketQuery.CloseSocket close) {
    if (!calls.living().contains(close.node())) {
      throw Refused.missing("socket_not_found");
    }
    JsonObject answer =
        calls
            .ask(
                CLOSE,
                JsonObject.of(PLAYER, close.player().value(), "socket", close.socket()),
                Set.of(close.node()),
                NodeCalls.LONG_WITHIN)
            .await()
            .byNode()
            .get(close.node());
    if (answer == null) {
      throw new Refused(new Refusal.Unavailable("timeout"));
    }
    if (!answer.getBoolean("closed")) {
      throw Refused.missing("socket_not_found");
    }
    return Done.DONE;
  }

  private JsonObject sockets(JsonObject asked) {
    var list = new JsonArray();
    for (PlayerSocket socket :
        sockets.of(new PlayerId(asked.getLong(PLAYER)), SocketQuery.LISTED_MAX)) {
      list.add(
          JsonObject.of(
              "id", socket.id(),
              "path", socket.path(),
              "topics", new JsonArray(socket.topics()),
              "queued", socket.queuedBytes()));
    }
    return JsonObject.of("sockets", list);
  }

  private JsonObject close(JsonObject asked) {
    return JsonObject.of(
        "closed", sockets.close(new PlayerId(asked.getLong(PLAYER)), asked.getLong("socket")));
  }
}
