package dev.rookery.sample;

import java.util.Map;

/**
 * How far sample data is.
 *
 * @param done how many portions of {@code total} are made
 * @param counts by kind how many there are; of removed data, how many were removed
 * @param enabled whether this server makes sample data
 */
public record SampleRun(
    State state, int done, int total, Map<String, Long> counts, boolean enabled) {
  /** What is being done. */
  public enum State {
    /** Nothing was ever made. */
    NONE,
    MAKING,
    MADE,
    REMOVING,
    REMOVED
  }

  public SampleRun {
    counts = Map.copyOf(counts);
  }

  /** Whether a job is at work. */
  public boolean isRunning() {
    return state == State.MAKING || state == State.REMOVING;
  }
}
