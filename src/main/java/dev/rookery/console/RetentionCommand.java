package dev.rookery.console;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import dev.rookery.lease.ClusterJob;
import dev.rookery.lease.Sweep;
import dev.rookery.lease.SweepRun;
import dev.rookery.lease.SweptTable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists what sweeps remove and when, and runs a sweep now. Served by any node, which asks the
 * others.
 */
public sealed interface RetentionCommand<R> extends Command<R> {
  String ADDRESS = "console.retention";

  @Override
  default String address() {
    return ADDRESS;
  }

  /** All sweeps with their tables, by name. */
  record ListSweeps() implements RetentionCommand<SweepPage> {}

  /** The latest runs that admins asked for, at most 50. */
  record ListAsked() implements RetentionCommand<List<SweepRun>> {}

  /**
   * Runs a sweep as soon as it does not run, on the node that holds it. The run is a row, so it
   * happens even if that node ends. {@code Missing("not_found")} for none that can be run; {@code
   * Conflict("sweep_is_running")} while a run that was asked for has not ended.
   */
  record RunSweep(String sweep, PlayerId admin) implements RetentionCommand<SweepRun> {}

  /**
   * A table that is swept.
   *
   * @param kept how long rows are kept by the configuration; null if no key decides it
   * @param source what sets that key
   * @param rows how many there are
   * @param exact false if {@code rows} is an estimate
   * @param oldestMs the time of the oldest row; null if it is not known
   * @param due how many rows are old enough to be removed, at most {@link #DUE_MAX}; null if it is
   *     not known
   */
  record TableFacts(
      SweptTable swept,
      @Nullable String kept,
      String source,
      @Nullable Long rows,
      boolean exact,
      @Nullable Long oldestMs,
      @Nullable Integer due) {
    /** One more than is counted: there may be any number. */
    public static final int DUE_MAX = 1_001;
  }

  /**
   * A sweep.
   *
   * @param owner the node that holds its job; empty if none answered so
   * @param job as that node sees it; null without one
   * @param last the last run that is stored; null for none
   */
  record SweepFacts(
      Sweep sweep,
      String owner,
      @Nullable ClusterJob job,
      @Nullable SweepRun last,
      List<TableFacts> tables) {
    public SweepFacts {
      tables = List.copyOf(tables);
    }
  }

  /**
   * @param silent the nodes that did not answer
   */
  record SweepPage(List<SweepFacts> sweeps, List<SweepRun> asked, List<String> silent) {
    public SweepPage {
      sweeps = List.copyOf(sweeps);
      asked = List.copyOf(asked);
      silent = List.copyOf(silent);
    }
  }
}
