package dev.rookery.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for conditions that become true soon, where nothing notifies the test. */
public final class Eventually {
  private static final Duration WITHIN = Duration.ofSeconds(60);
  private static final long STEP_NANOS = 2_000_000;

  private Eventually() {}

  /** Returns as soon as the condition is true; fails after a minute. */
  public static void holds(BooleanSupplier condition) {
    Deadline deadline = Deadline.in(WITHIN);
    while (!condition.getAsBoolean()) {
      deadline.check();
      pause();
    }
  }

  /** Parks the thread briefly, so that others can run. */
  public static void pause() {
    LockSupport.parkNanos(STEP_NANOS);
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
