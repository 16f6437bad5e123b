package dev.rookery.script;

import dev.rookery.cache.RedisConnector;
import dev.rookery.script.ScriptException.Kind;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import io.vertx.redis.client.impl.RedisClusterClient;
import io.vertx.redis.client.impl.types.ErrorType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Runs scripts in a Redis, Valkey or Dragonfly, by {@code EVALSHA}. A script that the server does
 * not know, because it is new or the server was restarted, is sent in full.
 *
 * <p>Calls share a few connections, on each of which many are on their way. While the server is
 * away calls fail at once, with {@link Kind#AWAY}; the connections are opened again by the calls
 * that follow, and the subscription by itself. A call that is not answered in time fails with
 * {@link Kind#TIMED_OUT}, and the server is asked to stop the script, which it does unless the
 * script has written something.
 *
 * <p>In a Redis Cluster a call goes to the master that has the slot of its keys, and one without
 * keys to any of them. Keys of different slots fail the call with {@code CROSSSLOT}.
 */
public final class RedisScriptEngine implements ScriptEngine, AutoCloseable {
  private static final int LANES = 2;
  // Beside the lanes: the subscription, and one to stop scripts.
  private static final int CONNECTIONS = LANES + 2;
  private static final int QUEUED_MAX = 20_000;
  private static final long CHECK_MS = 50;
  private static final String UNKNOWN_SCRIPT = "NOSCRIPT";
  private static final String CROSS_SLOT = "CROSSSLOT";
  private static final String KILLED = "Script killed by user with SCRIPT KILL";

  static {
    // Commands about scripts have no keys. Without this they would go to one master of a cluster.
    RedisClusterClient.addReducer(Command.SCRIPT, RedisScriptEngine::mergeAnswers);
  }

  private final Vertx vertx;
  private final Redis redis;
  private final boolean cluster;
  private final long timeoutNanos;
  private final Duration timeout;
  private final List<RedisLane> lanes = new ArrayList<>();
  private final RedisUpdates updates;
  private final AtomicInteger next = new AtomicInteger();
  private final long timer;

  /**
   * @param url {@code redis://:password@host:port/0}, {@code rediss://} for TLS, or {@code
   *     unix:///path} for a socket
   * @param clusterNodes {@code host:port} of further nodes of a Redis Cluster; empty if it is none
   * @param timeout how long a call may take
   */
  public RedisScriptEngine(
      Vertx vertx, String url, List<String> clusterNodes, Duration timeout, MeterRegistry meters) {
    this.vertx = vertx;
    this.cluster = !clusterNodes.isEmpty();
    this.redis =
        cluster
            ? RedisConnector.openCluster(vertx, url, clusterNodes, CONNECTIONS, QUEUED_MAX)
            : RedisConnector.open(vertx, url, CONNECTIONS, QUEUED_MAX);
    this.timeout = timeout;
    this.timeoutNanos = timeout.toNanos();
    for (int i = 0; i < LANES; i++) {
      lanes.add(new RedisLane(vertx, redis));
    }
    this.updates = new RedisUpdates(vertx, redis);
    Gauge.builder("rookery.lua.redis.up", updates, source -> source.isSubscribed() ? 1 : 0)
        .description("Whether this node receives what scripts publish in Redis")
        .register(meters);
    this.timer = vertx.setPeriodic(CHECK_MS, _ -> checkTimeouts());
  }

  /** Connects to the server. Completes also if it is away; then it is tried again. */
  public Future<Void> start() {
    return updates.start();
  }

  @Override
  public String name() {
    return "redis";
  }

  @Override
  public Future<ScriptResult> run(Script script, List<byte[]> keys, List<byte[]> args) {
    RedisLane lane = lanes.get(Math.floorMod(next.getAndIncrement(), LANES));
    return send(lane, request(Command.EVALSHA, Buffer.buffer(script.sha1()), keys, args))
        .recover(
            failure ->
                isUnknownScript(failure)
                    ? runUnlessKnown(lane, script, keys, args, failure)
                    : Future.failedFuture(failure))
        .transform(
            answer ->
                answer.succeeded()
                    ? converted(answer.result())
                    : Future.failedFuture(failure(answer.cause())));
  }

  /**
   * Sends the script in full, unless it has run and the error is its own: a script may return any
   * text, also that of the server.
   *
   * <p>That the server knows the script by now does not tell them apart, because another call may
   * have sent it in between. Only a script that has the word from its text or its caller is taken
   * to have returned it.
   */
  private Future<@Nullable Response> runUnlessKnown(
      RedisLane lane, Script script, List<byte[]> keys, List<byte[]> args, Throwable failure) {
    var inFull = request(Command.EVAL, Buffer.buffer(script.source()), keys, args);
    if (!hasWord(script.source()) && args.stream().noneMatch(RedisScriptEngine::hasWord)) {
      return send(lane, inFull);
    }
    return send(lane, Request.cmd(Command.SCRIPT).arg("EXISTS").arg(script.sha1()))
        .compose(
            known ->
                known != null && known.get(0).toInteger() == 1
                    ? Future.failedFuture(failure)
                    : send(lane, inFull));
  }

  private static boolean hasWord(byte[] text) {
    return new String(text, StandardCharsets.ISO_8859_1).contains(UNKNOWN_SCRIPT);
  }

  @Override
  public Future<Void> check(Script script) {
    return send(
            lanes.getFirst(),
            Request.cmd(Command.SCRIPT).arg("LOAD").arg(Buffer.buffer(script.source())))
        .transform(
            answer ->
                answer.succeeded()
                    ? Future.succeededFuture()
                    : Future.failedFuture(failure(answer.cause())));
  }

  @Override
  public GameUpdates updates() {
    return updates;
  }

  private static Request request(
      Command command, Buffer script, List<byte[]> keys, List<byte[]> args) {
    Request request = Request.cmd(command).arg(script).arg(keys.size());
    keys.forEach(key -> request.arg(Buffer.buffer(key)));
    args.forEach(arg -> request.arg(Buffer.buffer(arg)));
    return request;
  }

  /** Completes on the caller's context. */
  private Future<@Nullable Response> send(RedisLane lane, Request request) {
    Promise<@Nullable Response> promise = ((ContextInternal) vertx.getOrCreateContext()).promise();
    lane.send(request, promise, System.nanoTime() + timeoutNanos);
    return promise.future();
  }

  private void checkTimeouts() {
    long now = System.nanoTime();
    for (RedisLane lane : lanes) {
      if (lane.failOverdue(now, () -> timedOut(timeout))) {
        stopScript(lane);
      }
    }
  }

  static ScriptException timedOut(Duration timeout) {
    return new ScriptException(
        Kind.TIMED_OUT, "the script was not finished within " + timeout.toMillis() + " ms");
  }

  /**
   * Stops the script that runs too long. If none does, the connection is of no use, because answers
   * are lost on it. Of the masters of a cluster most have none that runs, so that nothing is known.
   */
  private void stopScript(RedisLane lane) {
    redis
        .send(Request.cmd(Command.SCRIPT).arg("KILL"))
        .onFailure(
            failure -> {
              String message = String.valueOf(failure.getMessage());
              if (cluster || !message.startsWith("UNKILLABLE")) {
                lane.reset();
              }
            });
  }

  /**
   * What all masters of a cluster answer to a command about scripts, as one of them: the script
   * exists if it exists on all.
   */
  private static Response mergeAnswers(List<Response> answers) {
    for (Response answer : answers) {
      if (answer.type() == ResponseType.MULTI && answer.get(0).toInteger() == 0) {
        return answer;
      }
    }
    return answers.getFirst();
  }

  private static boolean isUnknownScript(Throwable failure) {
    return failure instanceof ErrorType && textOf(failure).startsWith(UNKNOWN_SCRIPT);
  }

  private static String textOf(Throwable failure) {
    return String.valueOf(failure.getMessage());
  }

  private static ScriptException failure(Throwable cause) {
    if (cause instanceof ScriptException known) {
      return known;
    }
    String text = textOf(cause);
    if (!(cause instanceof ErrorType)) {
      if (text.contains("(" + CROSS_SLOT + ")")) {
        // The client knows the slots, and does not ask the server. These are the server's words.
        return new ScriptException(
            Kind.SCRIPT, CROSS_SLOT + " Keys in request don't hash to the same slot");
      }
      return new ScriptException(Kind.AWAY, "the script store is unavailable");
    }
    int end = text.indexOf(' ');
    return switch (end < 0 ? text : text.substring(0, end)) {
      case "BUSY", "LOADING", "TRYAGAIN", "MOVED", "ASK" -> new ScriptException(Kind.BUSY, text);
      case "MASTERDOWN",
          "CLUSTERDOWN",
          "READONLY",
          "NOAUTH",
          "WRONGPASS",
          "NOREPLICAS",
          "MISCONF" ->
          new ScriptException(Kind.AWAY, text);
      default ->
          text.contains(KILLED)
              ? new ScriptException(Kind.TIMED_OUT, text)
              : new ScriptException(Kind.SCRIPT, text);
    };
  }

  private static Future<ScriptResult> converted(@Nullable Response response) {
    return Future.succeededFuture(result(response));
  }

  private static ScriptResult result(@Nullable Response response) {
    if (response == null) {
      return ScriptResult.Null.NULL;
    }
    return switch (response.type()) {
      case SIMPLE -> new ScriptResult.Status(text(response));
      case ERROR -> new ScriptResult.Failed(text(response));
      case BOOLEAN -> response.toBoolean() ? new ScriptResult.Int(1) : ScriptResult.Null.NULL;
      case NUMBER -> new ScriptResult.Int(response.toLong());
      case BULK -> new ScriptResult.Bulk(response.toBytes());
      case MULTI, PUSH -> array(response);
      case ATTRIBUTE -> ScriptResult.Null.NULL;
    };
  }

  private static ScriptResult array(Response response) {
    var elements = new ArrayList<ScriptResult>(response.size());
    for (int i = 0; i < response.size(); i++) {
      elements.add(result(response.get(i)));
    }
    return new ScriptResult.Array(elements);
  }

  private static byte[] text(Response response) {
    return (response.type() == ResponseType.ERROR
            ? textOf((ErrorType) response)
            : response.toString())
        .getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    vertx.cancelTimer(timer);
    updates.close();
    redis.close();
  }
}
