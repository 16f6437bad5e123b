package dev.rookery.console;

import dev.rookery.bus.Command;
import java.util.List;

/** Commands on drills. */
public sealed interface DrillCommand<R> extends Command<R> {
  String ADDRESS = "console.drills";

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * Begins a drill. {@code Conflict("drills_disabled")}; {@code Missing("node_not_found")}; {@code
   * Conflict("too_few_nodes")} if fewer than three nodes are ready; {@code
   * Conflict("too_many_players")} if the node has too large a share of the connected players;
   * {@code Conflict("drill_running")}; {@code Conflict("fault_not_available")} if the node cannot
   * have it, or another node is of an earlier release that does not know it.
   */
  record StartDrill(String node, Drill.Fault fault) implements DrillCommand<Drill> {}

  /** Finds a drill. {@code Missing("drill_not_found")}. */
  record FindDrill(long drill) implements DrillCommand<Drill> {}

  /** Lists the latest drills, the newest first. */
  record ListDrills() implements DrillCommand<DrillPage> {
    public static final int MAX = 100;
  }

  /**
   * Drills.
   *
   * @param enabled whether they may be started
   */
  record DrillPage(boolean enabled, List<Drill> drills) {
    public DrillPage {
      drills = List.copyOf(drills);
    }
  }
}
