package dev.rookery.lease;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What removes rows that are not needed any more. Every domain that removes rows by their age, or
 * after what they belonged to, registers it with {@link Sweeps}, so that an operator finds all of
 * them in one place.
 *
 * @param name of the periodic job of the cluster, if it is one
 * @param interval between two runs; null if it is no job: those who write rows remove old ones too
 */
public record Sweep(String name, @Nullable Duration interval, List<SweptTable> tables) {
  public Sweep {
    tables = List.copyOf(tables);
  }

  /** A periodic job; see {@link ClusterScheduler#scheduleSweep}. */
  public static Sweep every(Duration interval, String name, SweptTable... tables) {
    return new Sweep(name, interval, List.of(tables));
  }

  /** Removal by those who write rows, which cannot be run by itself. */
  public static Sweep byWriters(String name, SweptTable... tables) {
    return new Sweep(name, null, List.of(tables));
  }

  /** Removes rows, a bounded number in each transaction; returns how many it removed. */
  @FunctionalInterface
  public interface Job {
    long run(Lease lease);
  }
}
