package dev.rookery.edge;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds the memory of a node that clients can fill: all bytes that are half received, wait to be
 * processed, or wait to be sent, of all connections together. Thread-safe.
 *
 * <p>When more than the limit is held, the connections that hold the most are closed until an
 * eighth of the limit is free again; those that hold less than {@value #SMALL_BYTES} bytes are
 * never closed for it. What many of them share counts once: as long as estimates may be the reason
 * for the excess, connections are measured, and none is closed. Limits per connection alone do not
 * bound the sum, and when the memory of the process is used up, the wrong connections fail.
 *
 * <p>Each connection has a {@link MemoryAccount} that is confined to its event loop. An event loop
 * adds up the changes of its connections and passes them on when they exceed {@value
 * #FLUSH_BYTES_MAX} bytes, so that event loops do not contend for a counter.
 */
public final class MemoryBudget {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryBudget.class);

  /** Connections that hold less are never closed. */
  static final int SMALL_BYTES = 1_024;

  private static final int FLUSH_BYTES_MAX = 32 << 10;
  private static final int FLUSH_PART = 64;
  private static final int FREE_PART = 8;
  private static final int SIZE_CLASSES = 33;
  private static final int ROUNDS_MAX = FREE_PART + 1;
  private static final long LOG_INTERVAL_NANOS = 10_000_000_000L;

  /** What memory is held for. The names are label values of the metrics. */
  enum Kind {
    /** WebSocket frames and messages that are not complete yet. */
    FRAMES,
    /** HTTP requests, from their first byte to their response. */
    BODIES,
    /** Messages that wait for a join, a seat, or the answer to an earlier message. */
    WAITING,
    /** What clients have not read yet. */
    SENDING;

    private String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final Kind[] KINDS = Kind.values();

  private final long limit;
  private final int flushBytes;
  private final AtomicLong used = new AtomicLong();
  private final AtomicLong[] usedByKind = new AtomicLong[KINDS.length];
  private final Counter[] closes = new Counter[KINDS.length];
  private final Set<MemoryAccount> accounts = ConcurrentHashMap.newKeySet();
  private final Map<EventLoop, Loop> loops = new ConcurrentHashMap<>();
  private final AtomicLong lastLogNanos = new AtomicLong(System.nanoTime() - LOG_INTERVAL_NANOS);

  /**
   * @param limit maximum number of bytes held at once
   */
  public MemoryBudget(long limit, MeterRegistry meters) {
    if (limit < 1) {
      throw new IllegalArgumentException("the memory budget must be positive");
    }
    this.limit = limit;
    this.flushBytes = Math.clamp(limit / FLUSH_PART, 1, FLUSH_BYTES_MAX);
    Gauge.builder("rookery.memory.limit", () -> limit)
        .description("Bytes that clients may make this node hold")
        .register(meters);
    for (Kind kind : KINDS) {
      var ofKind = new AtomicLong();
      usedByKind[kind.ordinal()] = ofKind;
      Gauge.builder("rookery.memory.used", ofKind, AtomicLong::get)
          .description("Bytes that clients make this node hold")
          .tag("kind", kind.label())
          .register(meters);
      closes[kind.ordinal()] =
          Counter.builder("rookery.memory.closes")
              .description("Connections closed because the memory budget was exceeded")
              .tag("kind", kind.label())
              .register(meters);
    }
  }

  /** The bytes held, as far as the event loops have passed them on. */
  long used() {
    return used.get();
  }

  /**
   * Opens the account of a connection.
   *
   * @param received what the bytes are that the connection has received
   */
  MemoryAccount open(EventLoop eventLoop, Kind received, MemoryAccount.Owner owner) {
    var account = new MemoryAccount(loop(eventLoop), received, owner);
    accounts.add(account);
    return account;
  }

  private Loop loop(EventLoop eventLoop) {
    return loops.computeIfAbsent(eventLoop, Loop::new);
  }

  /** Passes on the changes of an event loop; called on that event loop. */
  void flush(EventLoop eventLoop) {
    loop(eventLoop).flush();
  }

  /**
   * Closes the largest connections if the limit is exceeded: those of this event loop at once,
   * because it may read from thousands of connections before it does anything else; those of others
   * as soon as they come to it. Measures them first, in rounds, as other connections are the
   * largest then.
   */
  private void shedIfNeeded(Loop loop) {
    if (loop.shedding || used.get() <= limit) {
      return;
    }
    loop.shedding = true;
    try {
      for (int round = 0; round < ROUNDS_MAX; round++) {
        long excess = used.get() - limit;
        if (excess <= 0) {
          return;
        }
        long toFree = excess + limit / FREE_PART;
        // A connection that holds much by itself must not be closed for what others seem to hold.
        List<Candidate> estimated = largest(toFree, account -> !account.isMeasured());
        if (sum(estimated) < excess) {
          List<Candidate> largest = largest(toFree, MemoryAccount::isMeasured);
          largest.forEach(candidate -> shed(loop, candidate));
          loop.passOn();
          log(largest.size());
          return;
        }
        estimated.forEach(candidate -> measure(loop, candidate.account));
        loop.passOn();
        if (estimated.stream().noneMatch(candidate -> candidate.account.isOf(loop))) {
          // Their event loops go on from there.
          return;
        }
      }
    } finally {
      loop.shedding = false;
    }
  }

  private static long sum(List<Candidate> candidates) {
    return candidates.stream().mapToLong(Candidate::bytes).sum();
  }

  private static void shed(Loop loop, Candidate candidate) {
    MemoryAccount account = candidate.account;
    if (account.isOf(loop)) {
      account.shed(candidate.bytes);
    } else if (account.request()) {
      execute(
          account,
          () -> {
            account.shed(candidate.bytes);
            account.flush();
          });
    }
  }

  private static void measure(Loop loop, MemoryAccount account) {
    if (account.isOf(loop)) {
      account.measure();
    } else if (account.request()) {
      execute(
          account,
          () -> {
            account.measure();
            account.flush();
          });
    }
  }

  private static void execute(MemoryAccount account, Runnable task) {
    try {
      account.eventLoop().execute(task);
    } catch (RejectedExecutionException _) {
      // The event loop is shut down, and its connections with it.
    }
  }

  private void log(int connections) {
    long last = lastLogNanos.get();
    long now = System.nanoTime();
    if (connections > 0
        && now - last >= LOG_INTERVAL_NANOS
        && lastLogNanos.compareAndSet(last, now)) {
      LOG.warn(
          "clients make this node hold more than {} bytes: closing the {} connections that hold"
              + " the most",
          limit,
          connections);
    }
  }

  /**
   * @param bytes that the connection held when it was chosen
   */
  private record Candidate(MemoryAccount account, int bytes) {}

  /** Those of the connections that hold the most, and together at least {@code toFree} bytes. */
  private List<Candidate> largest(long toFree, Predicate<MemoryAccount> of) {
    // Only those of the highest size classes are collected and sorted.
    var bySizeClass = new long[SIZE_CLASSES];
    for (MemoryAccount account : accounts) {
      if (of.test(account)) {
        int bytes = account.held();
        bySizeClass[sizeClass(bytes)] += bytes;
      }
    }
    int lowest = SIZE_CLASSES - 1;
    for (long sum = bySizeClass[lowest];
        sum < toFree && lowest > sizeClass(SMALL_BYTES);
        sum += bySizeClass[lowest]) {
      lowest--;
    }
    var largest = new ArrayList<Candidate>();
    for (MemoryAccount account : accounts) {
      int bytes = account.held();
      if (sizeClass(bytes) >= lowest && of.test(account)) {
        largest.add(new Candidate(account, bytes));
      }
    }
    largest.sort(Comparator.comparingInt(Candidate::bytes).reversed());
    long freed = 0;
    int count = 0;
    while (count < largest.size() && freed < toFree) {
      freed += largest.get(count++).bytes;
    }
    return List.copyOf(largest.subList(0, count));
  }

  private static int sizeClass(int bytes) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(bytes);
  }

  /** The changes of the connections of one event loop. Confined to it. */
  final class Loop {
    private final EventLoop eventLoop;
    private final long[] changes = new long[KINDS.length];
    private long sum;
    private boolean shedding;

    Loop(EventLoop eventLoop) {
      this.eventLoop = eventLoop;
    }

    EventLoop eventLoop() {
      return eventLoop;
    }

    void add(Kind kind, int bytes) {
      changes[kind.ordinal()] += bytes;
      sum += bytes;
      if (sum >= flushBytes || sum <= -flushBytes) {
        flush();
      }
    }

    /** Passes on the changes, and closes connections if they exceed the limit. */
    void flush() {
      passOn();
      shedIfNeeded(this);
    }

    private void passOn() {
      for (int i = 0; i < changes.length; i++) {
        if (changes[i] != 0) {
          usedByKind[i].addAndGet(changes[i]);
          changes[i] = 0;
        }
      }
      if (sum != 0) {
        used.addAndGet(sum);
        sum = 0;
      }
    }

    void remove(MemoryAccount account) {
      accounts.remove(account);
    }

    void countClose(Kind kind) {
      closes[kind.ordinal()].increment();
    }
  }
}
