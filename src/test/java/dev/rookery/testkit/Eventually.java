package dev.rookery.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** For what becomes true soon, where nothing tells when. */
public final class Eventually {
  private static final Duration WITHIN = Duration.ofSeconds(10);
  private static final long STEP_NANOS = 2_000_000;

  private Eventually() {}

  /** Returns as soon as it is true; fails if it has not become so within ten seconds. */
  public static void holds(BooleanSupplier claim) {
    Deadline deadline = Deadline.in(WITHIN);
    while (!claim.getAsBoolean()) {
      deadline.check();
      pause();
    }
  }

  /** Lets others go on; promises nothing. */
  public static void pause() {
    LockSupport.parkNanos(STEP_NANOS);
  }

  /** A moment after which a test has failed. */
  public record Deadline(long nanos) {
    public static Deadline in(Duration time) {
      return new Deadline(System.nanoTime() + time.toNanos());
    }

    public void check() {
      if (System.nanoTime() - nanos > 0) {
        throw new AssertionError("not in time");
      }
    }
  }
}
