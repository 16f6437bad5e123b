package dev.rookery.leaderboard;

import dev.rookery.leaderboard.RankStore.Named;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows of records that were shown recently, so that the top of a board is not read from the
 * database with every page. An entry is used for the revision of the record that the index knows
 * and for later ones, so a change makes it useless at once. A display name is at most {@link
 * #NAMES_FOR} old.
 *
 * <p>Thread-safe. Bounded by an estimate of the bytes; what was not used for longest goes first.
 */
final class RecordCache {
  /** How long a changed display name may be shown as it was. */
  static final Duration NAMES_FOR = Duration.ofSeconds(10);

  private static final long BYTES_MAX = 32L << 20;
  private static final int ENTRY_BYTES = 300;

  private final InstantSource clock;
  private final Counter hits;
  private final Counter misses;
  private final Map<Long, Cached> entries = new LinkedHashMap<>(1_024, 0.75f, true);
  private long bytes;

  private record Cached(Named row, long readMs, long bytes) {}

  RecordCache(InstantSource clock, MeterRegistry meters) {
    this.clock = clock;
    this.hits = counter(meters, "hit");
    this.misses = counter(meters, "miss");
  }

  private static Counter counter(MeterRegistry meters, String result) {
    return Counter.builder("rookery.leaderboards.records.cached")
        .description("Rows of records that were shown, by whether they were in memory")
        .tag("result", result)
        .register(meters);
  }

  /**
   * The row of a record, if it is known.
   *
   * @param revision the low 32 bits of the revision that it must have reached
   */
  synchronized @Nullable Named find(long record, int revision) {
    Cached cached = entries.get(record);
    if (cached == null
        || (int) cached.row.stored().revision() - revision < 0
        || clock.millis() - cached.readMs > NAMES_FOR.toMillis()) {
      misses.increment();
      return null;
    }
    hits.increment();
    return cached.row;
  }

  /**
   * Keeps a row.
   *
   * @param readMs when its reading began
   */
  synchronized void put(Named row, long readMs) {
    // A map takes several times the memory of its text.
    long size = ENTRY_BYTES + 6L * row.metadataLength();
    Cached before = entries.put(row.stored().record().id().value(), new Cached(row, readMs, size));
    bytes += size - (before == null ? 0 : before.bytes);
    var oldest = entries.entrySet().iterator();
    while (bytes > BYTES_MAX && oldest.hasNext()) {
      bytes -= oldest.next().getValue().bytes;
      oldest.remove();
    }
  }
}
