package dev.rookery.cluster;

import java.time.Instant;
import java.time.InstantSource;

/**
 * The time of the database's server, by which all nodes write and compare times: the clock of this
 * machine, corrected by the difference that {@link ClockSync} measured. Without a measurement it is
 * the clock of this machine.
 *
 * <p>Nodes whose clocks differ thus agree to some milliseconds, however far a clock is off.
 */
public final class DatabaseClock implements InstantSource {
  private final InstantSource local;
  private volatile long correctionMs;

  public DatabaseClock(InstantSource local) {
    this.local = local;
  }

  @Override
  public Instant instant() {
    long correction = correctionMs;
    return correction == 0 ? local.instant() : local.instant().plusMillis(correction);
  }

  /** The time of this machine's clock. */
  Instant localInstant() {
    return local.instant();
  }

  /** What is added to the time of this machine. */
  long correctionMs() {
    return correctionMs;
  }

  void correctBy(long ms) {
    correctionMs = ms;
  }
}
