package dev.rookery.script;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives what scripts publish in Redis: one subscription to all games, which is made again
 * whenever its connection is lost.
 */
final class RedisUpdates implements GameUpdates {
  private static final Logger LOG = LoggerFactory.getLogger(RedisUpdates.class);
  private static final String PATTERN = CHANNELS + "*";
  private static final long RETRY_MIN_MS = 100;
  private static final long RETRY_MAX_MS = 2_000;
  private static final int MESSAGE_PARTS = 4;

  private final Vertx vertx;
  private final Redis redis;
  private final AtomicInteger attempts = new AtomicInteger();
  private volatile Receiver receiver = (_, _) -> {};
  private volatile @Nullable RedisConnection connection;
  private final AtomicBoolean retrying = new AtomicBoolean();
  private volatile boolean closed;

  RedisUpdates(Vertx vertx, Redis redis) {
    this.vertx = vertx;
    this.redis = redis;
  }

  @Override
  public void deliverTo(Receiver target) {
    receiver = target;
  }

  boolean isSubscribed() {
    return connection != null;
  }

  /** Completes when the first attempt has ended. */
  Future<Void> start() {
    return subscribe().otherwiseEmpty();
  }

  private Future<Void> subscribe() {
    retrying.set(false);
    if (closed) {
      return Future.succeededFuture();
    }
    return redis
        .connect()
        .compose(
            opened -> {
              opened.handler(this::onMessage);
              opened.exceptionHandler(_ -> onLost(opened));
              opened.endHandler(_ -> onLost(opened));
              connection = opened;
              return opened
                  .send(Request.cmd(Command.PSUBSCRIBE).arg(PATTERN))
                  .onFailure(_ -> onLost(opened));
            })
        .onSuccess(
            _ -> {
              if (attempts.getAndSet(0) > 0) {
                LOG.info("updates of games are received again");
              }
            })
        .onFailure(
            failure -> {
              if (attempts.get() == 0) {
                LOG.warn("updates of games cannot be received: {}", failure.toString());
              }
              retry();
            })
        .mapEmpty();
  }

  private void onLost(RedisConnection lost) {
    if (connection == lost) {
      connection = null;
      // In a cluster it was the connection to one node, and the subscription may be on another.
      lost.close().onFailure(_ -> {});
      if (!closed) {
        retry();
      }
    }
  }

  private void retry() {
    if (!closed && retrying.compareAndSet(false, true)) {
      long delay = Math.min(RETRY_MAX_MS, RETRY_MIN_MS << Math.min(6, attempts.getAndIncrement()));
      vertx.setTimer(delay, _ -> subscribe().onFailure(_ -> {}));
    }
  }

  private void onMessage(@Nullable Response message) {
    if (message != null
        && message.size() == MESSAGE_PARTS
        && "pmessage".equals(String.valueOf(message.get(0)))) {
      receiver.receive(message.get(2).toString(), message.get(3).toBytes());
    }
  }

  void close() {
    closed = true;
    RedisConnection current = connection;
    connection = null;
    if (current != null) {
      current.close().onFailure(_ -> {});
    }
  }
}
