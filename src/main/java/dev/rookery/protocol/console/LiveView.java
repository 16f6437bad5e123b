package dev.rookery.protocol.console;

import dev.rookery.protocol.phoenix.Push;
import io.micrometer.core.instrument.Counter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One live region with all who watch it. It asks its source again and again while somebody watches,
 * compares the message with what it has sent, and sends what differs. A source that takes long is
 * asked less often.
 *
 * <p>Where many watch, a message goes to some of them at a time, so that what they ask for then
 * does not hold up the game. All have it within half a second, and before the next one.
 * Thread-safe.
 */
final class LiveView {
  static final String EVENT = "live";

  /** The members of which only what has changed is sent. */
  private static final List<String> STATES = List.of("values", "charts", "parts");

  private static final String LINES = "lines";
  private static final int MESSAGE_BYTES_MAX = 64 << 10;
  private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final int SLOWER_MAX = 16;
  private static final int SENT_TOGETHER = 8;
  private static final int GROUPS_MAX = 25;
  private static final long GROUP_EVERY_MS = 20;
  private static final Logger LOG = LoggerFactory.getLogger(LiveView.class);

  private final Vertx vertx;
  private final String topic;
  private final Duration every;
  private final LiveSource source;
  private final Meters meters;
  private final Consumer<LiveView> unused;
  private final Set<LiveChannel> viewers = new HashSet<>();
  private JsonObject state = new JsonObject();
  private boolean running;
  private boolean ended;
  private int slower = 1;

  /** What is counted of all regions: messages, and those that took long. */
  record Meters(Counter made, Counter slow) {}

  /**
   * @param unused called when nobody watches any more
   */
  LiveView(
      Vertx vertx,
      String topic,
      Duration every,
      LiveSource source,
      Meters meters,
      Consumer<LiveView> unused) {
    this.vertx = vertx;
    this.topic = topic;
    this.every = every;
    this.source = source;
    this.meters = meters;
    this.unused = unused;
  }

  /**
   * Adds a viewer, who gets what is known and what they have missed; false if the view has ended
   * meanwhile.
   */
  boolean add(LiveChannel viewer, JsonObject from) {
    synchronized (this) {
      if (ended) {
        return false;
      }
      viewers.add(viewer);
    }
    Future.succeededFuture()
        .compose(_ -> source.catchUp(from))
        .recover(_ -> Future.succeededFuture(new JsonObject()))
        .onSuccess(missed -> sendTo(viewer, missed));
    start();
    return true;
  }

  /** Sends all that is known to a viewer who could not take some messages. */
  void resend(LiveChannel viewer) {
    sendTo(viewer, JsonObject.of("cut", true));
  }

  private void sendTo(LiveChannel viewer, JsonObject beside) {
    JsonObject message;
    synchronized (this) {
      message = state.copy();
    }
    message.mergeIn(beside);
    if (!message.isEmpty()) {
      viewer.send(push(message));
    }
  }

  void remove(LiveChannel viewer) {
    boolean last;
    synchronized (this) {
      viewers.remove(viewer);
      last = viewers.isEmpty();
      ended = ended || last;
    }
    if (last) {
      unused.accept(this);
    }
  }

  private void start() {
    synchronized (this) {
      if (running) {
        return;
      }
      running = true;
    }
    makeNext();
  }

  private void makeNext() {
    synchronized (this) {
      if (viewers.isEmpty()) {
        running = false;
        return;
      }
    }
    long began = System.nanoTime();
    // A source that throws fails as one whose future does, and is asked again.
    Future.succeededFuture()
        .compose(_ -> source.next())
        .onComplete(
            made -> {
              if (made.succeeded()) {
                publish(made.result());
              } else {
                LOG.debug("no message for {}", topic, made.cause());
              }
              long wait = adapt(System.nanoTime() - began);
              vertx.setTimer(wait, _ -> makeNext());
            });
  }

  private synchronized long adapt(long tookNanos) {
    if (tookNanos > SLOW_NANOS) {
      meters.slow().increment();
      slower = Math.min(SLOWER_MAX, slower * 2);
    } else {
      slower = Math.max(1, slower / 2);
    }
    return every.toMillis() * slower;
  }

  private void publish(JsonObject message) {
    List<LiveChannel> to;
    JsonObject changed;
    synchronized (this) {
      changed = changes(message);
      to = List.copyOf(viewers);
    }
    if (!changed.isEmpty()) {
      meters.made().increment();
      Push push = push(changed);
      int together = Math.max(SENT_TOGETHER, Math.ceilDiv(to.size(), GROUPS_MAX));
      send(push, to, together);
    }
  }

  private void send(Push push, List<LiveChannel> to, int together) {
    int number = Math.min(together, to.size());
    to.subList(0, number).forEach(viewer -> viewer.send(push));
    if (number < to.size()) {
      List<LiveChannel> others = to.subList(number, to.size());
      vertx.setTimer(GROUP_EVERY_MS, _ -> send(push, others, together));
    }
  }

  /** What of a message was not sent yet; it is remembered as sent. */
  private JsonObject changes(JsonObject message) {
    var changed = new JsonObject();
    var next = new JsonObject();
    for (String member : STATES) {
      JsonObject now = message.getJsonObject(member);
      if (now == null) {
        continue;
      }
      JsonObject before = state.getJsonObject(member, new JsonObject());
      var differing = new JsonObject();
      now.forEach(
          entry -> {
            if (!entry.getValue().equals(before.getValue(entry.getKey()))) {
              differing.put(entry.getKey(), entry.getValue());
            }
          });
      if (!differing.isEmpty()) {
        changed.put(member, differing);
      }
      next.put(member, now);
    }
    state = next;
    JsonArray lines = message.getJsonArray(LINES);
    if (lines != null && !lines.isEmpty()) {
      changed.put(LINES, lines);
    }
    return changed;
  }

  private Push push(JsonObject message) {
    return new Push(topic, EVENT, bounded(message));
  }

  /** The message, without its oldest lines where it would be too long. */
  private static JsonObject bounded(JsonObject message) {
    JsonArray lines = message.getJsonArray(LINES);
    JsonObject bounded = message;
    while (lines != null && lines.size() > 1 && bounded.toBuffer().length() > MESSAGE_BYTES_MAX) {
      int from = (lines.size() + 1) / 2;
      lines = new JsonArray(lines.getList().subList(from, lines.size()));
      bounded = bounded.copy().put(LINES, lines).put("cut", true);
    }
    return bounded;
  }
}
