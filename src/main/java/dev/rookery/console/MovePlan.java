package dev.rookery.console;

import dev.rookery.base.PlayerId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Moves of leases that an admin has asked for.
 *
 * @param source the node that shares what it owns; empty for all nodes
 * @param admin null if the account is not known
 */
public record MovePlan(
    long id,
    Kind kind,
    State state,
    String source,
    @Nullable PlayerId admin,
    Counts counts,
    long createdMs,
    long changedMs) {
  /** The most moves of a plan. */
  public static final int STEPS_MAX = 500;

  /** What the plan is for. */
  public enum Kind {
    ONE,
    SHARE,
    BALANCE;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Kind of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  /** How far the plan is. */
  public enum State {
    READY,
    RUNNING,
    DONE,
    CANCELLED;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static State of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  /** The numbers of moves. */
  public record Counts(long total, long done, long failed) {}

  /**
   * A move.
   *
   * @param place in the plan, from 1
   * @param state {@code planned}, {@code due}, {@code done}, {@code failed} or {@code cancelled}
   * @param code why it failed; empty if it did not
   */
  public record Step(
      long plan,
      long place,
      String lease,
      long fromRun,
      String fromNode,
      long toRun,
      String toNode,
      String state,
      String code) {}
}
