package dev.rookery.script;

import dev.rookery.script.ScriptException.Kind;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection to Redis on which many calls are on their way, answered in their order. It is opened
 * by the first call, and again by the first one after it was lost. Any thread may call.
 */
final class RedisLane {
  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long DISCARD_MS = 50;
  private static final String CLOSED = "Connection is closed";

  private final Vertx vertx;
  private final Redis redis;
  private final ConcurrentLinkedQueue<Pending> pending = new ConcurrentLinkedQueue<>();
  private @Nullable Future<RedisConnection> connection;
  private long failedNanos = System.nanoTime() - RETRY_NANOS;

  private record Pending(Promise<@Nullable Response> answer, long deadlineNanos) {}

  RedisLane(Vertx vertx, Redis redis) {
    this.vertx = vertx;
    this.redis = redis;
  }

  void send(Request request, Promise<@Nullable Response> answer, long deadlineNanos) {
    pending.add(new Pending(answer, deadlineNanos));
    Future<RedisConnection> current = connection();
    if (current.succeeded()) {
      forward(current, request, answer);
    } else {
      current
          .onSuccess(
              _ -> {
                // Its time may have ended while the connection was opened: it must not run then.
                if (!answer.future().isComplete()) {
                  forward(current, request, answer);
                }
              })
          .onFailure(answer::tryFail);
    }
    forgetAnswered();
  }

  private void forward(
      Future<RedisConnection> opened, Request request, Promise<@Nullable Response> answer) {
    opened
        .result()
        .send(request)
        .onComplete(
            sent -> {
              if (sent.succeeded()) {
                answer.tryComplete(sent.result());
              } else {
                answer.tryFail(sent.cause());
                if (CLOSED.equals(sent.cause().getMessage())) {
                  // Of a node of a cluster to which the client was redirected, whose end nobody
                  // told.
                  forget(opened);
                }
              }
            });
  }

  private synchronized Future<RedisConnection> connection() {
    Future<RedisConnection> current = connection;
    if (current != null) {
      return current;
    }
    if (System.nanoTime() - failedNanos < RETRY_NANOS) {
      return Future.failedFuture(away());
    }
    Future<RedisConnection> opening = redis.connect();
    connection = opening;
    opening
        .onSuccess(
            opened -> {
              opened.exceptionHandler(_ -> forget(opening));
              opened.endHandler(_ -> forget(opening));
            })
        .onFailure(_ -> forget(opening));
    return opening;
  }

  private static ScriptException away() {
    return new ScriptException(Kind.AWAY, "the script store is unavailable");
  }

  private void forget(Future<RedisConnection> lost) {
    synchronized (this) {
      if (connection != lost) {
        return;
      }
      connection = null;
      failedNanos = lost.failed() ? System.nanoTime() : System.nanoTime() - RETRY_NANOS;
    }
    if (lost.succeeded()) {
      // In a cluster it is connected to other nodes too; these connections are used again.
      lost.result().close().onFailure(_ -> {});
    }
  }

  /** Closes the connection; what waits on it fails, and the next call opens another one. */
  void reset() {
    Future<RedisConnection> current;
    synchronized (this) {
      current = connection;
      connection = null;
    }
    if (current != null) {
      current.onSuccess(this::discard);
    }
  }

  /**
   * Closes a connection. The client would keep it and use it again, unless a subscription was made
   * or ended on it.
   */
  private void discard(RedisConnection opened) {
    opened.send(Request.cmd(Command.PUNSUBSCRIBE)).onFailure(_ -> {});
    // That is not answered before what the connection waits for in vain.
    vertx.setTimer(DISCARD_MS, _ -> opened.close().onFailure(_ -> {}));
  }

  private void forgetAnswered() {
    for (Pending first = pending.peek();
        first != null && first.answer().future().isComplete();
        first = pending.peek()) {
      pending.remove(first);
    }
  }

  /**
   * Fails the calls whose time is over; whether there were any that a script may have held up.
   * While there is no connection, none has been sent.
   */
  boolean failOverdue(long nowNanos, Supplier<ScriptException> failure) {
    Future<RedisConnection> current;
    synchronized (this) {
      current = connection;
    }
    boolean connected = current != null && current.succeeded();
    boolean overdue = false;
    for (Pending first = pending.peek();
        first != null
            && (first.answer().future().isComplete() || nowNanos - first.deadlineNanos() > 0);
        first = pending.peek()) {
      if (!first.answer().future().isComplete()) {
        overdue |= first.answer().tryFail(connected ? failure.get() : away());
      }
      pending.remove(first);
    }
    return overdue && connected;
  }
}
