package dev.rookery.protocol.godra;

import dev.rookery.base.FatalErrors;
import dev.rookery.base.Text;
import dev.rookery.script.GameUpdates;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers what scripts publish to the sockets of the games on this node. Messages are collected
 * for a short time, so that many of them cost each socket one frame. There is one timer for all
 * games, and none while nothing is published.
 */
final class GameFeeds implements GameUpdates.Receiver {
  private static final Logger LOG = LoggerFactory.getLogger(GameFeeds.class);
  private static final String CHANNELS = GameUpdates.CHANNELS + "game:";

  private final Vertx vertx;
  private final long batchMs;
  private final GodraMeters meters;
  private final Map<String, GameFeed> feeds = new ConcurrentHashMap<>();
  private final Queue<GameFeed> collecting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final AtomicInteger sockets = new AtomicInteger();

  GameFeeds(Vertx vertx, long batchMs, GodraMeters meters, MeterRegistry registry) {
    this.vertx = vertx;
    this.batchMs = batchMs;
    this.meters = meters;
    Gauge.builder("rookery.godra.games", feeds, Map::size)
        .description("Games that have sockets on this node")
        .register(registry);
    Gauge.builder("rookery.godra.sockets", sockets, AtomicInteger::get)
        .description("Open sockets of games")
        .register(registry);
  }

  /** Delivers the messages of a game to a socket; called on its context. */
  void add(String game, ContextInternal context, GameSocket socket) {
    feeds.compute(
        CHANNELS + game,
        (_, feed) -> {
          GameFeed present = feed == null ? new GameFeed() : feed;
          present.add(context, socket);
          return present;
        });
    sockets.incrementAndGet();
  }

  void remove(String game, ContextInternal context, GameSocket socket) {
    feeds.computeIfPresent(
        CHANNELS + game, (_, feed) -> feed.remove(context, socket) ? null : feed);
    sockets.decrementAndGet();
  }

  @Override
  public void receive(String channel, byte[] message) {
    GameFeed feed = feeds.get(channel);
    if (feed == null) {
      return;
    }
    if (!Text.isUtf8(message)) {
      // Browsers close a socket on which they receive it.
      meters.unreadable.increment();
      return;
    }
    meters.published.increment();
    if (feed.publish(message)) {
      collecting.add(feed);
      if (scheduled.compareAndSet(false, true)) {
        vertx.setTimer(batchMs, _ -> flush());
      }
    }
  }

  private void flush() {
    // Before the games are taken: one that is added later gets a timer of its own.
    scheduled.set(false);
    for (GameFeed feed = collecting.poll(); feed != null; feed = collecting.poll()) {
      try {
        feed.flush();
      } catch (RuntimeException | Error failure) {
        FatalErrors.endIfFatal(failure);
        LOG.error("the messages of a game cannot be sent", failure);
      }
    }
  }
}
