package dev.rookery.protocol.gamend;

import dev.rookery.base.Ids;
import dev.rookery.bus.Bus;
import dev.rookery.edge.AllowedOrigins;
import dev.rookery.edge.FixedWindowLimiter;
import dev.rookery.edge.Protocol;
import dev.rookery.edge.RequestInfo;
import dev.rookery.edge.WebSocketUpgrader;
import dev.rookery.extensionhost.ExtensionHost;
import dev.rookery.extensionhost.ExtensionTopic;
import dev.rookery.fanout.FanOut;
import dev.rookery.match.ShownPayloads;
import dev.rookery.protocol.phoenix.Channel;
import dev.rookery.protocol.phoenix.PhoenixEndpoint;
import dev.rookery.session.Session;
import dev.rookery.session.Sessions;
import io.vertx.ext.web.Router;
import org.jspecify.annotations.Nullable;

/** Mounts the Phoenix socket of Gamend clients and creates the channels of its topics. */
public final class GamendSocket implements Protocol {
  private static final String PATH = "/socket/websocket";

  private final PhoenixEndpoint phoenix;
  private final Sessions sessions;
  private final Bus bus;
  private final FanOut fanOut;
  private final ExtensionHost extensions;
  private final Ids ids;
  private final ShownPayloads payloads;
  private final @Nullable FixedWindowLimiter limiter;
  private final PlayerPeers peers;

  /**
   * @param payloads of actions of matches that players are shown
   * @param limiter limits the costly channel events of each player; null for no limit
   */
  public GamendSocket(
      WebSocketUpgrader upgrades,
      Sessions sessions,
      AllowedOrigins origins,
      Bus bus,
      FanOut fanOut,
      ExtensionHost extensions,
      Ids ids,
      ShownPayloads payloads,
      @Nullable FixedWindowLimiter limiter,
      PlayerPeers peers) {
    this.phoenix = new PhoenixEndpoint(upgrades, sessions, origins::allowsSocket, this::open);
    this.sessions = sessions;
    this.bus = bus;
    this.fanOut = fanOut;
    this.extensions = extensions;
    this.ids = ids;
    this.payloads = payloads;
    this.limiter = limiter;
    this.peers = peers;
  }

  /** Returns the number of joins that wait for admission. */
  public long joinsWaiting() {
    return phoenix.waitingJoins();
  }

  @Override
  public void mount(Router router) {
    router
        .route(PATH)
        .setName(PATH)
        .handler(
            context -> {
              RequestInfo info = RequestInfo.of(context);
              phoenix.handle(
                  context.request(), context.queryParams(), info.clientAddress(), info::problem);
            });
  }

  /**
   * Sockets are exempt from the general rate limit: after a restart all devices of a player
   * reconnect at once. Upgrades have a limit of their own.
   */
  @Override
  public boolean isExempt(String path) {
    return path.equals(PATH);
  }

  private @Nullable Channel open(String topic, @Nullable Session session) {
    if (topic.startsWith(UserChannel.PREFIX)) {
      return new UserChannel(
          topic, session, sessions, bus, fanOut, extensions, limiter, peers, ids);
    }
    if (topic.startsWith(LobbyChannel.PREFIX)) {
      return new LobbyChannel(topic, session, bus, fanOut, ids.uuid());
    }
    if (topic.startsWith(PartyChannel.PREFIX)) {
      return new PartyChannel(topic, session, bus, fanOut);
    }
    if (topic.startsWith(GroupChannel.PREFIX)) {
      return new GroupChannel(topic, session, bus, fanOut);
    }
    if (topic.startsWith(MatchChannel.PREFIX)) {
      return new MatchChannel(topic, session, bus, fanOut, ids, payloads);
    }
    ExtensionTopic own = ExtensionTopic.of(topic);
    if (own != null) {
      return extensions.clientCalls().serves(own)
          ? new ExtensionChannel(own, session, extensions, fanOut, ids.uuid())
          : null;
    }
    return switch (topic) {
      case LobbiesChannel.TOPIC -> LobbiesChannel.create(fanOut);
      case GroupsChannel.TOPIC -> GroupsChannel.create(fanOut);
      default -> null;
    };
  }
}
