package dev.rookery.console;

import dev.rookery.base.PlayerId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A fault that an admin has caused on purpose, with what was measured. Each time is by the clock of
 * the node that saw it, so that they are wrong by the difference of these clocks; 0 for what has
 * not happened yet.
 *
 * @param owned how many leases the node had just before the fault
 * @param players how many players were connected to it then
 * @param resumed how many of them are connected to other nodes, or to a later run of it
 * @param acknowledged messages of the probe stream that were committed
 * @param received how many of them have arrived at another node
 * @param repeats how many have arrived more than one time
 * @param refused late writes of the node that were refused
 * @param takenBy the node that took over the lease of the probe
 */
public record Drill(
    long id,
    String node,
    long run,
    Fault fault,
    State state,
    String problem,
    @Nullable PlayerId admin,
    long owned,
    long players,
    long resumed,
    long acknowledged,
    long received,
    long repeats,
    long refused,
    String takenBy,
    Times times) {
  /** What is done to the node. */
  public enum Fault {
    /** The process ends at once, without handing anything over. */
    STOP,
    /** The process stands still for ten seconds and then goes on. */
    PAUSE,
    /** The node cannot reach its database for ten seconds; all else goes on. */
    CUT;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Fault of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  /** How far it is. */
  public enum State {
    PREPARING,
    RUNNING,
    DONE,
    FAILED;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static State of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * When something happened.
   *
   * @param detectedMs when another node had the run for ended
   * @param takenMs when another node owned the lease of the probe
   * @param firstMs when its first write as the owner was committed
   * @param backMs when the node of the fault reached the database again
   */
  public record Times(
      long createdMs,
      long faultMs,
      long detectedMs,
      long takenMs,
      long firstMs,
      long backMs,
      long endedMs) {}

  /** Whether it was completed, and nothing was lost or arrived more than one time. */
  public boolean isWithoutLoss() {
    return state == State.DONE && lost() == 0 && repeats == 0;
  }

  /** How many committed messages have not arrived. */
  public long lost() {
    return Math.max(0, acknowledged - received);
  }
}
