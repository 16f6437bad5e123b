package dev.rookery.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.Event;
import dev.rookery.base.Position;
import dev.rookery.testkit.ManualClock;
import dev.rookery.testkit.TestSeed;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Tests that caches never show an older value than what was acknowledged or heard of. */
final class ReadCacheTest {
  private static final Duration MAX_AGE = Duration.ofSeconds(60);

  private final ManualClock clock = new ManualClock();
  private final SharedMap shared = new SharedMap();
  private final TestFeed feed = new TestFeed();

  @Test
  void readsOnceAndAgainAfterAnInvalidation() {
    ReadCache<String, Long> cache = cache(null);
    var loads = new AtomicInteger();
    for (int i = 0; i < 3; i++) {
      assertThat(cache.get("a", () -> (long) loads.incrementAndGet())).isEqualTo(1);
    }
    cache.invalidate("a");
    assertThat(cache.get("a", () -> (long) loads.incrementAndGet())).isEqualTo(2);
    clock.advance(MAX_AGE);
    assertThat(cache.get("a", () -> (long) loads.incrementAndGet()))
        .as("no value is older than the maximum age")
        .isEqualTo(3);
    feed.listeners.forEach(ChangeFeed.Listener::onLost);
    assertThat(cache.get("a", () -> 7L)).isEqualTo(7);
    assertThat(cache.get("a", () -> 8L))
        .as("nothing is cached until it follows again")
        .isEqualTo(8);
  }

  @Test
  void aReadThatBeganBeforeAnInvalidationPutsNothingBack() {
    for (SharedCache level : new SharedCache[] {null, shared}) {
      ReadCache<String, Long> cache = cache(level);
      assertThat(
              cache.get(
                  "a",
                  () -> {
                    // The row is read, and then somebody changes it.
                    cache.invalidate("a");
                    return 1L;
                  }))
          .isEqualTo(1);
      assertThat(cache.get("a", () -> 2L)).isEqualTo(2);
      assertThat(
              cache.get(
                  "b",
                  () -> {
                    feed.change("b");
                    return 1L;
                  }))
          .isEqualTo(1);
      assertThat(cache.get("b", () -> 2L)).isEqualTo(2);
    }
  }

  @Test
  void judgesSharedValuesByWhereTheyWereRead() {
    ReadCache<String, Long> one = cache(shared);
    ReadCache<String, Long> other = cache(shared);
    assertThat(one.get("a", () -> 1L)).isEqualTo(1);
    assertThat(other.get("a", () -> 9L)).as("as the other node has read it").isEqualTo(1);
    Buffer old = shared.values.get("test:a");
    feed.change("a");
    shared.values.put("test:a", old);
    assertThat(other.get("a", () -> 2L)).as("a value from before the change").isEqualTo(2);
    feed.start();
    one.clear();
    assertThat(one.get("a", () -> 3L)).as("read where this node began to follow").isEqualTo(2);
    one.invalidate("a");
    assertThat(one.get("a", () -> 4L)).as("changed here, event still to come").isEqualTo(4);
    shared.values.put("test:a", Buffer.buffer("torn"));
    feed.change("a");
    assertThat(one.get("a", () -> 5L)).isEqualTo(5);
  }

  @Test
  void staysWithinItsBounds() {
    var local = new LocalCache(clock, 160, 16_000);
    for (int size : new int[] {1, 300}) {
      for (int i = 0; i < 10_000; i++) {
        local.put(key(i), i, size, Long.MAX_VALUE, () -> true);
        assertThat(local.entries()).isLessThanOrEqualTo(160);
        assertThat(local.bytes()).isLessThanOrEqualTo(16_000);
      }
      assertThat(local.entries()).as("most of the room is used").isGreaterThan(40);
      assertThat(local.bytes()).isGreaterThanOrEqualTo(local.entries());
    }
    local.put(key("large"), "x", 16_001, Long.MAX_VALUE, () -> true);
    assertThat(local.get(key("large"))).isNull();
  }

  @Test
  void measuresWhatIsThere() {
    var local = new LocalCache(clock, 160, 16_000);
    long nowMs = clock.millis();
    local.put(key("a"), "1", 100, nowMs + 1_000, () -> true);
    local.put(key("a"), "2", 30, nowMs + 2_000, () -> true);
    local.put(key("b"), "3", 5, nowMs + 1_000, () -> true);
    local.put(key("b"), "4", 7, nowMs + 9_000, () -> false);
    local.put(key("late"), "5", 7, nowMs - 1, () -> true);
    assertThat(local.get(key("late"))).as("had expired before it was put").isNull();
    assertThat(local.get(key("b"))).isEqualTo("3");
    clock.advance(Duration.ofMillis(999));
    assertThat(local.get(key("b"))).isEqualTo("3");
    clock.advance(Duration.ofMillis(1));
    assertThat(local.get(key("b"))).as("expires at its time").isNull();
    assertThat(local.get(key("a"))).isEqualTo("2");
    local.remove(key("b"));
    local.remove(key("late"));
    assertThat(local.bytes()).isEqualTo(30);
    local.remove(key("a"));
    assertThat(local.entries()).isZero();
    assertThat(local.bytes()).isZero();
  }

  @Test
  void findsNothingOfBeforeItWasCleared() throws Exception {
    ReadCache<String, Long> cache = cache(null);
    var row = new AtomicLong();
    var done = new AtomicBoolean();
    // Threads of the system: they never wait, so as virtual threads they would keep others out.
    try (var readers = Executors.newFixedThreadPool(3)) {
      for (int i = 0; i < 3; i++) {
        readers.execute(
            () -> {
              while (!done.get()) {
                cache.get("a", row::get);
              }
            });
      }
      try {
        for (int i = 0; i < 5_000; i++) {
          long written = row.incrementAndGet();
          cache.clear();
          assertThat(cache.get("a", row::get)).isEqualTo(written);
        }
      } finally {
        done.set(true);
      }
    }
  }

  private static LocalCache.Key key(Object key) {
    return new LocalCache.Key("test", 0, key);
  }

  @Test
  void neverShowsLessThanWhatItsNodeHasHeardOf() throws Exception {
    long seed = TestSeed.of("ReadCacheTest");
    List<ReadCache<String, Long>> nodes = List.of(cache(shared), cache(shared), cache(shared));
    var rows = new ConcurrentHashMap<String, AtomicLong>();
    List.of("a", "b", "c", "d").forEach(key -> rows.put(key, new AtomicLong()));
    try (var crowd = Executors.newVirtualThreadPerTaskExecutor()) {
      var walks = new ArrayList<java.util.concurrent.Future<?>>();
      for (int i = 0; i < 9; i++) {
        var random = new Random(seed + i);
        ReadCache<String, Long> node = nodes.get(i % 3);
        walks.add(crowd.submit(() -> walk(node, rows, random)));
      }
      for (java.util.concurrent.Future<?> walk : walks) {
        walk.get();
      }
    }
    for (ReadCache<String, Long> node : nodes) {
      rows.forEach((key, row) -> assertThat(node.get(key, row::get)).isEqualTo(row.get()));
    }
  }

  /** Writes now and then, and reads at least what was written before and heard of. */
  private void walk(ReadCache<String, Long> node, Map<String, AtomicLong> rows, Random random) {
    List<String> keys = List.copyOf(rows.keySet());
    for (int step = 0; step < 3_000; step++) {
      String key = keys.get(random.nextInt(keys.size()));
      AtomicLong row = rows.get(key);
      if (random.nextInt(20) == 0) {
        long written = row.incrementAndGet();
        node.invalidate(key);
        assertThat(node.get(key, row::get)).as("one's own write").isGreaterThanOrEqualTo(written);
        feed.change(key, written);
      } else {
        long heard = feed.heard(key);
        assertThat(node.get(key, row::get)).isGreaterThanOrEqualTo(heard);
      }
    }
  }

  private ReadCache<String, Long> cache(SharedCache level) {
    var caches = new Caches(true, clock, 1_000, 100_000, MAX_AGE, level, new SimpleMeterRegistry());
    ReadCache<String, Long> cache = caches.cache("test", _ -> 50L, new LongCodec());
    cache.follow(feed, "changes", event -> List.of(((Changed) event).key));
    return cache;
  }

  private record Changed(String key) implements Event {}

  /** Tells all followers of a change at once, and remembers what they were told. */
  private static final class TestFeed implements ChangeFeed {
    private final List<Listener> listeners = new ArrayList<>();
    private final Map<String, Long> heard = new ConcurrentHashMap<>();
    private long offset;

    @Override
    public synchronized void follow(String stream, Listener listener) {
      listeners.add(listener);
      listener.onStart(new Position(1, offset));
    }

    synchronized void start() {
      listeners.forEach(listener -> listener.onStart(new Position(1, offset)));
    }

    void change(String key) {
      change(key, 0);
    }

    synchronized void change(String key, long written) {
      offset++;
      listeners.forEach(listener -> listener.onEvent(new Changed(key), new Position(1, offset)));
      heard.merge(key, written, Math::max);
    }

    /** The newest value of which every follower has heard. */
    long heard(String key) {
      return heard.getOrDefault(key, 0L);
    }
  }

  private static final class LongCodec implements ReadCache.Codec<String, Long> {
    @Override
    public String name(String key) {
      return key;
    }

    @Override
    public Buffer encode(Long value) {
      return Buffer.buffer().appendLong(value);
    }

    @Override
    public Long decode(String key, Buffer bytes) {
      return bytes.getLong(0);
    }
  }

  /** Values that nodes share in the memory of the test. */
  private static final class SharedMap implements SharedCache {
    private final Map<String, Buffer> values = new ConcurrentHashMap<>();

    @Override
    public Future<Buffer> get(String key) {
      return Future.succeededFuture(values.get(key));
    }

    @Override
    public void put(String key, Buffer value, Duration maxAge) {
      values.put(key, value);
    }
  }
}
