package dev.rookery.loadrun;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A run as it is stored.
 *
 * @param admin who started it
 * @param updatedMs when its node stored something of it last
 * @param endedMs 0 while it has not ended
 * @param outcome why it ended: {@code done}, {@code cancelled} or the code of a problem; empty
 *     while it has not
 * @param problem the first error that a client saw; empty for none
 * @param players who are not deleted yet
 */
public record LoadRun(
    long id,
    LoadPlan plan,
    @Nullable Long admin,
    State state,
    long startedMs,
    long updatedMs,
    long endedMs,
    String outcome,
    String problem,
    String unit,
    double perSecond,
    double p50Ms,
    double p99Ms,
    long answered,
    long errors,
    long players) {
  /** How far a run is. */
  public enum State {
    /** Its node has not started it yet. */
    ASKED,
    RUNNING,
    /** Somebody has cancelled it. */
    STOPPING,
    ENDED,
    /** Its players are being deleted. */
    REMOVING;

    /** The state as it is stored and shown. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Whether it has not ended. */
  public boolean isOpen() {
    return state == State.ASKED || state == State.RUNNING || state == State.STOPPING;
  }
}
