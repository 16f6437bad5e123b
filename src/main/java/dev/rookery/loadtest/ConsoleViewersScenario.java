package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Hosts send messages in their lobbies, as fast as they are acknowledged, while pages of the
 * console are open, and while none are: in turn, so that a machine that gets slower makes no
 * difference. The result of the scenario are the messages; the notes say by how much the pages
 * change their time.
 */
final class ConsoleViewersScenario implements Scenario {
  /** Pages of one admin; a node accepts ten sockets of each. */
  private static final int PAGES_OF_AN_ADMIN = 10;

  private static final List<String> PAGES =
      List.of("/admin", "/admin/matches", "/admin/matchmaking", "/admin/logs", "/admin/cluster");
  private static final int TURNS = 3;
  private static final int SETTLE_SECONDS = 1;
  private static final int CONNECTIONS_MAX = 64;
  private static final int REGISTRATIONS_MAX = 4;
  private static final int ERRORS_MAX = 1_000;
  private static final long TIME_MAX_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** What was measured with or without pages. */
  private static final class Figures {
    private final Histogram times = new Histogram(TIME_MAX_NANOS, 3);
    private double serverSeconds;

    double millis(double percentile) {
      return times.getValueAtPercentile(percentile) / 1e6;
    }

    double micros() {
      return serverSeconds * 1e6 / Math.max(1, times.getTotalCount());
    }
  }

  private final ScenarioContext context;
  private final HttpClientAgent http;
  private final WebSocketClient webSockets;
  private final Figures without = new Figures();
  private final Figures with = new Figures();
  private final List<ConsoleViewer> viewers = new ArrayList<>();
  private final List<WebSocket> open = new ArrayList<>();
  private Figures current = new Figures();
  private long received;
  private boolean stopped;

  ConsoleViewersScenario(ScenarioContext context) {
    this.context = context;
    this.http =
        context
            .vertx()
            .createHttpClient(
                new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(CONNECTIONS_MAX));
    this.webSockets =
        context
            .vertx()
            .createWebSocketClient(new WebSocketClientOptions().setMaxConnections(10_000));
  }

  @Override
  public String unit() {
    return "messages";
  }

  @Override
  public Future<Void> run() {
    int admins = (pages() + PAGES_OF_AN_ADMIN - 1) / PAGES_OF_AN_ADMIN;
    return LoadTestUser.signIn(context, context.node(), LeaderboardScenario.ADMIN_DEVICE)
        .compose(
            owner ->
                BoundedConcurrency.forEach(
                    admins, REGISTRATIONS_MAX, number -> prepare(owner, number)))
        .compose(_ -> prepareHosts())
        .compose(this::play)
        .compose(_ -> http.close())
        .compose(_ -> webSockets.close());
  }

  private int pages() {
    return context.number(LoadParameter.PAGES);
  }

  /** Makes an admin with the role of those who read everything. */
  private Future<Void> prepare(LoadTestUser owner, int number) {
    var node = owner.node();
    ApiClient api = context.client(node);
    String email = context.device("viewer-" + number) + "@example.com";
    var viewer = new ConsoleViewer(http, webSockets, node, email, _ -> received++);
    viewers.add(viewer);
    return viewer
        .register()
        .compose(_ -> api.call(HttpMethod.POST, "/api/v1/login", null, viewer.credentials()))
        .compose(
            answer ->
                api.call(
                    HttpMethod.PUT,
                    "/api/v1/admin/admins/" + answer.getJsonObject("data").getLong("user_id"),
                    owner.token(),
                    JsonObject.of("role", "viewer")))
        .compose(_ -> viewer.signIn());
  }

  private Future<List<RequestSequence>> prepareHosts() {
    return BoundedConcurrency.forEach(
        context.number(LoadParameter.CONNECTIONS),
        context.number(LoadParameter.CONNECTIONS),
        i -> {
          var host =
              new RequestSequence.SendChatMessage(
                  context.client(context.node()), context.device(Integer.toString(i)));
          return host.prepare().map(host);
        });
  }

  private Future<Void> play(List<RequestSequence> hosts) {
    var loops = new ArrayList<Future<Void>>();
    hosts.forEach(host -> loops.add(loop(host)));
    Future<Void> turns = context.warmUp().onSuccess(_ -> context.begin());
    for (int turn = 0; turn < TURNS; turn++) {
      turns =
          turns
              .compose(_ -> measure(without))
              .compose(_ -> watch())
              .compose(_ -> measure(with))
              .onComplete(_ -> leave());
    }
    return turns
        .onComplete(
            _ -> {
              context.end();
              stopped = true;
            })
        .compose(_ -> Future.all(loops).mapEmpty());
  }

  private Future<Void> loop(RequestSequence host) {
    Promise<Void> ended = Promise.promise();
    next(host, ended);
    return ended.future();
  }

  private void next(RequestSequence host, Promise<Void> ended) {
    if (stopped || context.metrics().errors() > ERRORS_MAX) {
      ended.complete();
      return;
    }
    long start = context.now();
    Figures figures = current;
    host.runOnce()
        .onComplete(
            done -> {
              long took = context.now() - start;
              if (done.succeeded()) {
                context.metrics().unit(took);
              } else {
                context.metrics().failed(done.cause());
              }
              if (figures == current) {
                figures.times.recordValue(Math.min(TIME_MAX_NANOS, took));
              }
              next(host, ended);
            });
  }

  private Future<Void> measure(Figures figures) {
    return context
        .seconds(SETTLE_SECONDS)
        .compose(
            _ -> {
              current = figures;
              figures.serverSeconds -= context.server().cpuSeconds();
              return context.seconds(context.number(LoadParameter.SECONDS));
            })
        .onComplete(
            _ -> {
              figures.serverSeconds += context.server().cpuSeconds();
              current = new Figures();
            });
  }

  private Future<Void> watch() {
    return BoundedConcurrency.forEach(
            pages(),
            CONNECTIONS_MAX,
            i ->
                viewers
                    .get(i / PAGES_OF_AN_ADMIN)
                    .watch(PAGES.get(i % PAGES.size()))
                    .onSuccess(open::add))
        .mapEmpty();
  }

  private void leave() {
    open.forEach(WebSocket::close);
    open.clear();
  }

  @Override
  public List<String> notes() {
    return List.of(
        note("without pages", without),
        note("with " + pages() + " pages", with),
        ScenarioContext.line(
            "ratio with to without: p50 %.3f, p99 %.3f, processor time %.3f; the pages received"
                + " %,d messages",
            with.millis(50) / without.millis(50),
            with.millis(99) / without.millis(99),
            with.micros() / without.micros(),
            received));
  }

  private static String note(String title, Figures figures) {
    return ScenarioContext.line(
        "%s: p50 %.2f ms, p99 %.2f ms, %.1f µs of the node for a message",
        title, figures.millis(50), figures.millis(99), figures.micros());
  }
}
