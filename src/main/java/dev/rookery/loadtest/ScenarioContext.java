package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.internal.VertxInternal;
import java.net.URI;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** What a scenario plays on: one event loop, its clients, and what is counted. */
final class ScenarioContext {
  private static final int HTTP_CONNECTIONS_MAX = 2_048;

  private final VertxInternal vertx;
  private final LoadOptions options;
  private final LoadMetrics figures = new LoadMetrics();
  private final ClientSockets sockets;
  private final HttpClientAgent http;
  private final ProcessStats server;
  private final ProcessStats database;
  private final String run = Long.toHexString(System.nanoTime());
  private double serverSeconds;
  private double databaseSeconds;
  private final long origin = System.nanoTime();
  private boolean over;
  private int turn;

  ScenarioContext(VertxInternal vertx, LoadOptions options) {
    this.vertx = vertx;
    this.options = options;
    this.sockets = new ClientSockets(vertx, figures);
    this.http =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setPipelining(false)
                .setKeepAlive(true)
                .setConnectTimeout(5_000),
            new PoolOptions().setHttp1MaxSize(HTTP_CONNECTIONS_MAX));
    this.server = new ProcessStats(options.pids());
    this.database = new ProcessStats(options.databasePids());
  }

  VertxInternal vertx() {
    return vertx;
  }

  LoadMetrics figures() {
    return figures;
  }

  ClientSockets sockets() {
    return sockets;
  }

  ProcessStats server() {
    return server;
  }

  int number(LoadParameter flag) {
    return options.number(flag);
  }

  LoadOptions options() {
    return options;
  }

  /** The nodes in turn. */
  URI node() {
    return options.nodes().get(turn++ % options.nodes().size());
  }

  ApiClient caller(URI node) {
    return new ApiClient(http, node, figures);
  }

  /** A device that no other run has used. */
  String device(String name) {
    return "load-" + run + "-" + name;
  }

  Future<Void> warmUp() {
    return seconds(number(LoadParameter.WARMUP));
  }

  Future<Void> measure() {
    begin();
    return seconds(number(LoadParameter.SECONDS)).onComplete(_ -> end());
  }

  void begin() {
    serverSeconds = -server.cpuSeconds();
    databaseSeconds = -database.cpuSeconds();
    figures.start();
  }

  void end() {
    figures.stop();
    serverSeconds += server.cpuSeconds();
    databaseSeconds += database.cpuSeconds();
  }

  Future<Void> seconds(int seconds) {
    return millis(TimeUnit.SECONDS.toMillis(seconds));
  }

  Future<Void> millis(long millis) {
    Promise<Void> over = Promise.promise();
    vertx.setTimer(Math.max(1, millis), _ -> over.complete());
    return over.future();
  }

  ScenarioResult outcome(Scenario scenario) {
    long units = figures.units();
    return new ScenarioResult(
        options.kind().word(),
        scenario.unit(),
        figures.perSecond(),
        figures.millis(50),
        figures.millis(99),
        figures.millis(99.9),
        cost(server, serverSeconds, units),
        cost(database, databaseSeconds, units),
        figures.errors(),
        figures.gaps(),
        figures.repeats(),
        figures.firstError(),
        scenario.notes());
  }

  private static double cost(ProcessStats process, double seconds, long units) {
    return process.isKnown() && units > 0 ? seconds * 1e6 / units : Double.NaN;
  }

  /** Nanoseconds since this run began. */
  long now() {
    return System.nanoTime() - origin;
  }

  /** Until then nobody may be sent away. */
  boolean isUnderWay() {
    return !over;
  }

  /** Closes every socket and connection, and waits until they are. */
  Future<Void> clear() {
    over = true;
    return sockets.closeAll().compose(_ -> http.close());
  }

  static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
