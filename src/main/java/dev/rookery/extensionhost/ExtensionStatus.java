package dev.rookery.extensionhost;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An extension on this node.
 *
 * @param state whether a version takes calls
 * @param error why the last version could not be started; null if it could
 * @param loaded when the version that runs took over
 * @param startTime how long its start took
 * @param calls that ended
 * @param errors calls that failed or timed out; those that the function refused do not count
 * @param timeSpent in calls, together
 * @param running calls that have begun and not ended
 */
public record ExtensionStatus(
    String name,
    String version,
    String digest,
    State state,
    @Nullable String error,
    @Nullable Instant loaded,
    Duration startTime,
    long calls,
    long errors,
    Duration timeSpent,
    int running) {
  /** Whether a version takes calls. */
  public enum State {
    RUNNING,
    FAILED
  }
}
