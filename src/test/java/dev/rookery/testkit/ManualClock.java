package dev.rookery.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A clock that a test moves. It stands still otherwise, unless it was made by {@link #running}. */
public final class ManualClock implements InstantSource {
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));

  private final @Nullable Long startNanos;

  public ManualClock() {
    this(null);
  }

  private ManualClock(@Nullable Long startNanos) {
    this.startNanos = startNanos;
  }

  /** Time passes too, as it must where something that failed is tried again after a while. */
  public static ManualClock running() {
    return new ManualClock(System.nanoTime());
  }

  @Override
  public Instant instant() {
    Instant moved = now.get();
    return startNanos == null ? moved : moved.plusNanos(System.nanoTime() - startNanos);
  }

  public void advance(Duration by) {
    now.updateAndGet(before -> before.plus(by));
  }
}
