package dev.rookery.protocol.console;

import dev.rookery.bus.Bus;
import dev.rookery.console.Admin;
import dev.rookery.console.ConsoleCommand;
import dev.rookery.console.ConsoleSessions;
import dev.rookery.edge.CloseReason;
import dev.rookery.edge.Connection;
import dev.rookery.edge.Protocol;
import dev.rookery.edge.RequestInfo;
import dev.rookery.edge.SocketQuota;
import dev.rookery.edge.WebSocketUpgrader;
import dev.rookery.protocol.phoenix.PageSockets;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Accepts the sockets of console pages, with the framing of Phoenix Channels. A socket needs the
 * cookie of a console session and a ticket that was made for that session, and must come from a
 * page of this server. At most {@value #SOCKETS_MAX} are open, {@value #PER_ADMIN_MAX} of one
 * admin; further ones get 503.
 *
 * <p>A socket is closed with {@link CloseReason#SESSION_ENDED} within a second after its session
 * has ended or the role of its admin has changed, on whatever node that happened. An open socket is
 * no use of the session: it ends when no request is made for its idle time.
 */
final class LiveSockets implements Protocol {
  static final String PATH = "/admin/live/websocket";
  static final int SOCKETS_MAX = 250;
  static final int PER_ADMIN_MAX = 10;
  private static final long CHECK_EVERY_MS = 800;

  private final Vertx vertx;
  private final Bus bus;
  private final ConsoleSessions sessions;
  private final ConsoleSettings settings;
  private final PageSockets sockets;
  private final LiveViews views;
  private final Map<Connection, Admin> open = new ConcurrentHashMap<>();
  private final AtomicBoolean checking = new AtomicBoolean();

  /**
   * @param origins further origins whose pages may connect, such as that of a proxy
   */
  LiveSockets(
      Vertx vertx,
      Bus bus,
      ConsoleSessions sessions,
      ConsoleSettings settings,
      Predicate<String> origins,
      WebSocketUpgrader upgrader,
      LiveViews views,
      MeterRegistry meters) {
    this.vertx = vertx;
    this.bus = bus;
    this.sessions = sessions;
    this.settings = settings;
    this.sockets =
        new PageSockets(bus, upgrader, origins, new SocketQuota(SOCKETS_MAX, PER_ADMIN_MAX));
    this.views = views;
    Gauge.builder("rookery.console.live.sockets", open, Map::size)
        .description("Open sockets of console pages")
        .register(meters);
  }

  @Override
  public void mount(Router router) {
    router.get(PATH).setName(PATH).handler(this::handle);
  }

  @Override
  public boolean isExempt(String path) {
    return path.equals(PATH);
  }

  private void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    var info = RequestInfo.of(context);
    var cookies =
        new ConsoleCookies(request, settings.https() || settings.clients().isHttps(request));
    sockets.open(
        context,
        cookies.session(),
        cookie ->
            sessions
                .find(cookie, info.clientAddress(), info.requestId())
                .map(admin -> admin == null ? null : grant(admin)));
  }

  private PageSockets.Grant grant(Admin admin) {
    return new PageSockets.Grant(
        admin.player(),
        admin.session(),
        views.router(admin),
        connection -> {
          open.put(connection, admin);
          checkSoon();
          return () -> open.remove(connection);
        });
  }

  /** Checks the sessions of all open sockets now and then, as long as there are any. */
  private void checkSoon() {
    if (!open.isEmpty() && checking.compareAndSet(false, true)) {
      vertx.setTimer(
          CHECK_EVERY_MS,
          _ ->
              checkAll()
                  .onComplete(
                      _ -> {
                        checking.set(false);
                        checkSoon();
                      }));
    }
  }

  private Future<?> checkAll() {
    Map<String, List<Connection>> bySession =
        open.entrySet().stream()
            .collect(
                Collectors.groupingBy(
                    socket -> socket.getValue().session(),
                    Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
    return Future.join(
        bySession.entrySet().stream()
            .map(session -> check(session.getKey(), session.getValue()))
            .toList());
  }

  private Future<?> check(String session, List<Connection> connections) {
    return bus.ask(new ConsoleCommand.FindSession(session, false))
        .onSuccess(
            found -> {
              for (Connection connection : connections) {
                Admin admin = open.get(connection);
                boolean unchanged =
                    found.filter(now -> admin != null && isSame(admin, now)).isPresent();
                if (!unchanged) {
                  connection.close(CloseReason.SESSION_ENDED);
                }
              }
            })
        // A database that is away ends no session.
        .otherwiseEmpty();
  }

  private static boolean isSame(Admin admin, ConsoleCommand.FoundSession now) {
    return admin.player().equals(now.player())
        && admin.role().equals(now.role())
        && admin.enrolling() == now.enrolling();
  }
}
