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
import java.util.function.LongSupplier;

/** The environment of a scenario: one event loop, its clients, and the metrics. */
final class ScenarioContext {
  private static final int HTTP_CONNECTIONS_MAX = 2_048;

  private final VertxInternal vertx;
  private final LoadOptions options;
  private final LoadMetrics metrics = new LoadMetrics();
  private final ClientSockets sockets;
  private final SignIns signIns;
  private final HttpClientAgent http;
  private final ProcessStats server;
  private final ProcessStats database;
  private final String runId = Long.toHexString(System.nanoTime());
  private double serverSeconds;
  private double databaseSeconds;
  private final long origin = System.nanoTime();
  private boolean ended;
  private int nextNode;

  ScenarioContext(VertxInternal vertx, LoadOptions options) {
    this.vertx = vertx;
    this.options = options;
    this.sockets = new ClientSockets(vertx, metrics, options.run().from());
    RunSettings run = options.run();
    this.signIns =
        new SignIns(TimeUnit.SECONDS.toNanos(run.rampSeconds()), run.players(), run.report());
    this.http =
        vertx.createHttpClient(
            from(options.run().from())
                .setPipelining(false)
                .setKeepAlive(true)
                .setConnectTimeout(10_000),
            new PoolOptions().setHttp1MaxSize(HTTP_CONNECTIONS_MAX));
    this.server = new ProcessStats(options.pids());
    this.database = new ProcessStats(options.databasePids());
  }

  private static HttpClientOptions from(String address) {
    var options = new HttpClientOptions();
    return address.isEmpty() ? options : options.setLocalAddress(address);
  }

  /** Who signs in, and when. */
  SignIns signIns() {
    return signIns;
  }

  VertxInternal vertx() {
    return vertx;
  }

  LoadMetrics metrics() {
    return metrics;
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

  /** Returns the nodes in turn. */
  URI node() {
    return options.nodes().get(nextNode++ % options.nodes().size());
  }

  ApiClient client(URI node) {
    return new ApiClient(http, node, this);
  }

  /** A device id that no other run has used. */
  String device(String name) {
    return "load-" + runId + "-" + name;
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
    metrics.start();
  }

  void end() {
    metrics.stop();
    serverSeconds += server.cpuSeconds();
    databaseSeconds += database.cpuSeconds();
  }

  /**
   * Waits until nothing is outstanding, for at most 20 seconds; what is outstanding then counts as
   * gaps.
   */
  Future<Void> drain(LongSupplier outstanding) {
    return EventLoopPoll.until(this, () -> outstanding.getAsLong() <= 0)
        .onFailure(_ -> metrics.gap(outstanding.getAsLong()))
        .otherwiseEmpty();
  }

  Future<Void> seconds(int seconds) {
    return millis(TimeUnit.SECONDS.toMillis(seconds));
  }

  Future<Void> millis(long millis) {
    Promise<Void> done = Promise.promise();
    vertx.setTimer(Math.max(1, millis), _ -> done.complete());
    return done.future();
  }

  ScenarioResult result(Scenario scenario) {
    long units = metrics.units();
    return new ScenarioResult(
        options.kind().optionName(),
        scenario.unit(),
        metrics.perSecond(),
        metrics.millis(50),
        metrics.millis(99),
        metrics.millis(99.9),
        microsPerUnit(server, serverSeconds, units),
        microsPerUnit(database, databaseSeconds, units),
        metrics.errors(),
        metrics.gaps(),
        metrics.repeats(),
        metrics.firstError(),
        scenario.notes());
  }

  /** How many cores the nodes have kept busy in the measurement; NaN if that was not measured. */
  double serverCores() {
    return server.isKnown() ? serverSeconds / metrics.seconds() : Double.NaN;
  }

  /** The same of the database. */
  double databaseCores() {
    return database.isKnown() ? databaseSeconds / metrics.seconds() : Double.NaN;
  }

  private static double microsPerUnit(ProcessStats process, double seconds, long units) {
    return process.isKnown() && units > 0 ? seconds * 1e6 / units : Double.NaN;
  }

  /** Nanoseconds since the start of this run. */
  long now() {
    return System.nanoTime() - origin;
  }

  /** Whether the run has not ended yet; until then no socket may be closed by the server. */
  boolean isRunning() {
    return !ended;
  }

  /** Closes every socket and connection, and waits for it. */
  Future<Void> close() {
    ended = true;
    return sockets.closeAll().compose(_ -> http.close());
  }

  static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
