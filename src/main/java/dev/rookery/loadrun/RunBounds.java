package dev.rookery.loadrun;

/**
 * Decides when a run stops by itself: errors above 1 % of what was answered, of which there are at
 * least ten; or times above the bound of the plan for three seconds, so that one pause is none.
 */
final class RunBounds {
  private static final int ERRORS_MIN = 10;
  private static final int PERCENT = 100;
  private static final int SLOW_SECONDS = 3;

  private final int p99MaxMs;
  private int slowSeconds;

  RunBounds(int p99MaxMs) {
    this.p99MaxMs = p99MaxMs;
  }

  /** The code of the bound that is exceeded; empty for none. */
  String check(LoadSecond second, long answered) {
    long errors = second.errors();
    if (errors >= ERRORS_MIN && errors * PERCENT > answered + errors) {
      return "too_many_errors";
    }
    // Not known, which is NaN, is not slow.
    boolean slow = second.p99Ms() > p99MaxMs || second.serverP99Ms() > p99MaxMs;
    slowSeconds = slow ? slowSeconds + 1 : 0;
    return slowSeconds >= SLOW_SECONDS ? "too_slow" : "";
  }
}
