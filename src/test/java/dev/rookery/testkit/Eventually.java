package dev.rookery.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for conditions that become true soon, where nothing notifies the test. */
public final class Eventually {
  private static final Duration WITHIN = Duration.ofMinutes(2);
  private static final long STEP_NANOS_MIN = 2_000_000;
  private static final long STEP_NANOS_MAX = 200_000_000;

  private Eventually() {}

  /**
   * Returns soon after the condition has become true; fails after two minutes. Asks less often the
   * longer it takes, because asking costs time that what it waits for needs.
   */
  public static void holds(BooleanSupplier condition) {
    Deadline deadline = Deadline.in(WITHIN);
    long started = System.nanoTime();
    while (!condition.getAsBoolean()) {
      deadline.check();
      long waited = System.nanoTime() - started;
      LockSupport.parkNanos(Math.clamp(waited / 10, STEP_NANOS_MIN, STEP_NANOS_MAX));
    }
  }

  /** Parks the thread briefly, so that others can run. */
  public static void pause() {
    LockSupport.parkNanos(STEP_NANOS_MIN);
  }

  /** Parks the thread, as a client that thinks. */
  public static void pause(Duration time) {
    LockSupport.parkNanos(time.toNanos());
  }

  /** A time after which a test has failed. */
  public record Deadline(long nanos) {
    public static Deadline in(Duration time) {
      return new Deadline(System.nanoTime() + time.toNanos());
    }

    public void check() {
      if (System.nanoTime() - nanos > 0) {
        throw new AssertionError("timed out");
      }
    }
  }
}
