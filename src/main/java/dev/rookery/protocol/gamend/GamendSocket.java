package dev.rookery.protocol.gamend;

import dev.rookery.base.Ids;
import dev.rookery.bus.Bus;
import dev.rookery.edge.AllowedOrigins;
import dev.rookery.edge.FixedWindowLimiter;
import dev.rookery.edge.Protocol;
import dev.rookery.edge.WebSocketUpgrader;
import dev.rookery.fanout.FanOut;
import dev.rookery.protocol.phoenix.Channel;
import dev.rookery.protocol.phoenix.PhoenixEndpoint;
import dev.rookery.session.Session;
import dev.rookery.session.Sessions;
import io.vertx.ext.web.Router;
import org.jspecify.annotations.Nullable;

/** The Phoenix socket of Gamend clients and the topics on it. */
public final class GamendSocket implements Protocol {
  private static final String PATH = "/socket/websocket";

  private final PhoenixEndpoint endpoint;
  private final Sessions sessions;
  private final Bus bus;
  private final FanOut fanOut;
  private final Ids ids;
  private final @Nullable FixedWindowLimiter limit;

  /**
   * @param limit of the channel events that cost something, for each player; null for none
   */
  public GamendSocket(
      WebSocketUpgrader upgrades,
      Sessions sessions,
      AllowedOrigins origins,
      Bus bus,
      FanOut fanOut,
      Ids ids,
      @Nullable FixedWindowLimiter limit) {
    this.endpoint = new PhoenixEndpoint(upgrades, sessions, origins::allowsSocket, this::open);
    this.sessions = sessions;
    this.bus = bus;
    this.fanOut = fanOut;
    this.ids = ids;
    this.limit = limit;
  }

  /** How many joins of topics wait to be let in. */
  public long joinsWaiting() {
    return endpoint.waitingJoins();
  }

  @Override
  public void mount(Router router) {
    router
        .route(PATH)
        .setName(PATH)
        .handler(context -> endpoint.handle(context.request(), context.queryParams()));
  }

  /**
   * A player's devices come back all at once after a restart; they are not to be sent away then.
   */
  @Override
  public boolean isExempt(String path) {
    return path.equals(PATH);
  }

  private @Nullable Channel open(String topic, @Nullable Session session) {
    if (topic.startsWith(UserChannel.PREFIX)) {
      return new UserChannel(topic, session, sessions, bus, fanOut, limit, ids.uuid());
    }
    if (topic.startsWith(LobbyChannel.PREFIX)) {
      return new LobbyChannel(topic, session, bus, fanOut, ids.uuid());
    }
    return topic.equals(LobbiesChannel.TOPIC) ? new LobbiesChannel(fanOut) : null;
  }
}
