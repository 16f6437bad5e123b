package dev.rookery.node;

import dev.rookery.base.Position;
import dev.rookery.cache.ChangeFeed;
import dev.rookery.fanout.Delivery;
import dev.rookery.fanout.EventHistory;
import dev.rookery.fanout.FanOut;
import dev.rookery.fanout.Subscriber;
import dev.rookery.fanout.Subscription;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets caches follow streams of events. In a cluster it compares every second what was delivered
 * with the head of the stream in the database: an event that has not arrived a second after it was
 * seen there counts as lost, and the cache starts again from the head. So a cache is at most
 * {@value #CHECK_MS} ms and the time of two queries behind the events that it did not hear of, as
 * long as its node reaches the database.
 */
final class FanOutChangeFeed implements ChangeFeed {
  static final long CHECK_MS = 1_000;

  private final Vertx vertx;
  private final FanOut fanOut;
  private final EventHistory history;
  private final Context context;

  FanOutChangeFeed(Vertx vertx, FanOut fanOut, EventHistory history) {
    this.vertx = vertx;
    this.fanOut = fanOut;
    this.history = history;
    this.context = vertx.getOrCreateContext();
  }

  @Override
  public void follow(String stream, Listener listener) {
    context.runOnContext(
        _ -> {
          var followed = new Followed(stream, listener);
          followed.start();
          if (vertx.isClustered()) {
            vertx.setPeriodic(CHECK_MS, _ -> followed.check());
          }
        });
  }

  /** A stream that is followed; confined to the context. */
  private final class Followed implements Subscriber {
    private final String stream;
    private final Listener listener;
    private @Nullable Subscription subscription;
    private @Nullable Position delivered;
    private @Nullable Position expected;
    private boolean checking;

    Followed(String stream, Listener listener) {
      this.stream = stream;
      this.listener = listener;
    }

    /** Subscribes, and then reads from where; events in between are buffered. */
    void start() {
      delivered = null;
      expected = null;
      Subscription current = fanOut.subscribeNode(stream, this);
      subscription = current;
      history
          .readHeads(List.of(stream))
          .onComplete(
              heads ->
                  context.runOnContext(
                      _ -> {
                        if (subscription != current) {
                          return;
                        }
                        if (heads.failed()) {
                          current.cancel();
                          subscription = null;
                          vertx.setTimer(CHECK_MS, _ -> start());
                          return;
                        }
                        Position head = heads.result().getOrDefault(stream, Position.START);
                        delivered = head;
                        listener.onStart(head);
                        current.startAfter(head);
                      }));
    }

    @Override
    public void onEvent(Delivery delivery) {
      delivered = delivery.position();
      listener.onEvent(delivery.posted().event(), delivery.position());
    }

    @Override
    public void onLost() {
      restart();
    }

    void check() {
      if (checking || delivered == null) {
        return;
      }
      checking = true;
      history
          .readHeads(List.of(stream))
          .onComplete(
              heads ->
                  context.runOnContext(
                      _ -> {
                        checking = false;
                        if (heads.succeeded()) {
                          compare(heads.result().getOrDefault(stream, Position.START));
                        }
                      }));
    }

    private void compare(Position head) {
      Position missed = expected;
      Position reached = delivered;
      expected = head;
      if (missed != null && reached != null && missed.isAfter(reached)) {
        restart();
      }
    }

    private void restart() {
      Subscription ended = subscription;
      if (ended != null) {
        ended.cancel();
      }
      listener.onLost();
      start();
    }
  }
}
