package dev.rookery.store;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Reads that must not hold up the others: those of admins, which may have to look through a million
 * rows. They have {@value #CONNECTIONS} connections of their own, each of their statements is
 * stopped after {@link #STATEMENT_TIMEOUT}, and at most {@value #PENDING_MAX} wait for a
 * connection. Beyond that they are refused with {@code Unavailable("read_timeout")} and {@code
 * Unavailable("read_busy")}.
 *
 * <p>A command takes the lane when it is sent in the scope {@link ReadLaneScope#SCOPE}. What such a
 * command writes is written as everything else is.
 */
final class ReadLane extends DelegatingDatabase {
  static final int CONNECTIONS = 2;
  static final int PENDING_MAX = 200;
  static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(2);

  private final Database lane;
  private final Timer reads;
  private final AtomicInteger pending = new AtomicInteger();

  /**
   * @param lane reads through connections of its own, without metrics: those here tell the reads of
   *     admins from those of the game
   * @param database writes
   */
  ReadLane(Database lane, Database database) {
    super(database);
    this.lane = lane;
    this.reads =
        Timer.builder("rookery.store.lane.read")
            .description("Reads for admins, including the wait for one of their connections")
            .register(database.registry());
    Gauge.builder("rookery.store.lane.waiting", pending, AtomicInteger::get)
        .description("Reads for admins without an answer yet")
        .register(database.registry());
  }

  @Override
  public Rows read(String sql, @Nullable Object... values) {
    long started = System.nanoTime();
    pending.incrementAndGet();
    try {
      return lane.read(sql, values);
    } catch (Refused refused) {
      throw refusal(refused);
    } finally {
      pending.decrementAndGet();
      reads.record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
    }
  }

  /** Tells a bound of this lane, which says nothing about the game, from an outage. */
  private Refused refusal(Refused refused) {
    String code =
        switch (refused.refusal().code()) {
          case "store_timeout" -> "read_timeout";
          case "store_busy" -> "read_busy";
          default -> null;
        };
    if (code == null) {
      return refused;
    }
    registry().counter("rookery.store.lane.refused", "code", code).increment();
    return new Refused(new Refusal.Unavailable(code));
  }

  @Override
  public void close() {
    lane.close();
  }
}
