package dev.rookery.edge;

import dev.rookery.base.PlayerId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Counts connections and WebSockets, and decides whether one more is accepted. Thread-safe.
 *
 * <p>A socket that is signed in counts for its player; any other, a stranger's, for its address.
 * Strangers together get only a part of all connections, so that players find room. Upgrades and
 * registrations are also limited over time, per address, because each of them costs work.
 */
public final class SocketAdmission {
  private static final String METRIC = "rookery.connections.refused";

  /** The kinds of refusal; their names are label values of the metric. */
  enum Refusal {
    /** Too many connections of all clients together. */
    NODE(503, "1"),
    /** Too many sockets of strangers together. */
    STRANGERS(503, "5"),
    /** Too many sockets of one address. */
    ADDRESS(429, "30"),
    /** Too many sockets of one player. */
    PLAYER(429, "30"),
    /** Too many upgrades or registrations of one address within a window of time. */
    RATE(429, "5");

    private final int status;
    private final String retryAfter;

    Refusal(int status, String retryAfter) {
      this.status = status;
      this.retryAfter = retryAfter;
    }

    int status() {
      return status;
    }

    /** In seconds. */
    String retryAfter() {
      return retryAfter;
    }
  }

  private final ConnectionLimits limits;
  private final @Nullable FixedWindowLimiter rate;
  private final List<EventLoopConnections> loops = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger strangers = new AtomicInteger();
  private final Map<String, Integer> byNetwork = new ConcurrentHashMap<>();
  private final Map<PlayerId, Integer> byPlayer = new ConcurrentHashMap<>();
  private final Map<Refusal, Counter> refused = new ConcurrentHashMap<>();

  /**
   * @param rate limits the upgrades and registrations of one address; null for no limit
   */
  public SocketAdmission(
      ConnectionLimits limits, @Nullable FixedWindowLimiter rate, MeterRegistry meters) {
    this.limits = limits;
    this.rate = rate;
    Gauge.builder("rookery.connections.open", connections, AtomicInteger::get)
        .description("TCP connections of clients, WebSockets included")
        .register(meters);
    Gauge.builder("rookery.connections.limit", limits, ConnectionLimits::connectionsMax)
        .description("Maximum number of TCP connections of clients")
        .register(meters);
    Gauge.builder("rookery.sockets.strangers", strangers, AtomicInteger::get)
        .description("Open sockets that are not signed in")
        .register(meters);
    for (Refusal reason : Refusal.values()) {
      refused.put(
          reason,
          Counter.builder(METRIC)
              .description("Connections, upgrades and registrations refused, by reason")
              .tag("reason", reason.name().toLowerCase(Locale.ROOT))
              .register(meters));
    }
  }

  /** Adds the connections of an event loop, among which a place can be found. */
  void add(EventLoopConnections loop) {
    loops.add(loop);
  }

  List<EventLoopConnections> loops() {
    return loops;
  }

  /** Counts a TCP connection; each must be followed by {@link #connectionClosed}. */
  void connectionOpened() {
    connections.incrementAndGet();
  }

  void connectionClosed() {
    connections.decrementAndGet();
  }

  /** Whether there are more connections than the node serves. */
  boolean isOverLimit() {
    return connections.get() > limits.connectionsMax();
  }

  /** Whether even the reserve for health checks is used up. */
  boolean isReserveFull() {
    return connections.get() > (long) limits.connectionsMax() + limits.reserve();
  }

  void count(Refusal refusal) {
    Counter counter = refused.get(refusal);
    if (counter != null) {
      counter.increment();
    }
  }

  /**
   * Counts an upgrade or a registration of an address. Returns 0 if it is within the limit,
   * otherwise the milliseconds to wait before a retry.
   */
  long retryAfterMs(SocketOwner owner) {
    if (rate == null || owner.network().isEmpty()) {
      return 0;
    }
    long wait = rate.retryAfterMs(owner.network());
    if (wait > 0) {
      count(Refusal.RATE);
    }
    return wait;
  }

  /**
   * Counts an upgrade, which was counted for the address before, for the player instead; false if
   * it is over the limit.
   */
  private boolean transferToPlayer(SocketOwner owner, PlayerId player) {
    if (rate == null) {
      return true;
    }
    if (!owner.network().isEmpty()) {
      rate.refund(owner.network());
    }
    return rate.retryAfterMs("player:" + player) == 0;
  }

  /**
   * Counts a socket; null if it is accepted. An accepted socket must be followed by {@link
   * #socketClosed}.
   */
  @Nullable Refusal openSocket(SocketOwner owner) {
    Refusal refusal = countSocket(owner);
    if (refusal != null) {
      count(refusal);
    }
    return refusal;
  }

  private @Nullable Refusal countSocket(SocketOwner owner) {
    PlayerId player = owner.player();
    if (player != null) {
      if (!transferToPlayer(owner, player)) {
        return Refusal.RATE;
      }
      return increment(byPlayer, player, limits.perPlayerMax()) ? null : Refusal.PLAYER;
    }
    if (strangers.incrementAndGet() > limits.strangersMax()) {
      strangers.decrementAndGet();
      return Refusal.STRANGERS;
    }
    // Without an address there is nothing to tell clients apart by.
    if (!owner.network().isEmpty()
        && !increment(byNetwork, owner.network(), limits.perAddressMax())) {
      strangers.decrementAndGet();
      return Refusal.ADDRESS;
    }
    return null;
  }

  void socketClosed(SocketOwner owner) {
    PlayerId player = owner.player();
    if (player != null) {
      decrement(byPlayer, player);
    } else {
      strangers.decrementAndGet();
      if (!owner.network().isEmpty()) {
        decrement(byNetwork, owner.network());
      }
    }
  }

  private static <K> boolean increment(Map<K, Integer> counts, K key, int max) {
    boolean[] counted = new boolean[1];
    counts.compute(
        key,
        (_, count) -> {
          int before = count == null ? 0 : count;
          counted[0] = before < max;
          return counted[0] ? before + 1 : before;
        });
    return counted[0];
  }

  private static <K> void decrement(Map<K, Integer> counts, K key) {
    counts.computeIfPresent(key, (_, count) -> count > 1 ? count - 1 : null);
  }
}
