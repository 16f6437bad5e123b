package dev.rookery.console;

import dev.rookery.bus.Command;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Commands of admins that move what nodes own to other nodes. What moves is a lease: a room of a
 * match or of an extension, a periodic job, or the keyspace of scripts. Its owner hands it over as
 * it does when it ends.
 */
public sealed interface MoveCommand<R> extends Command<R> {
  String ADDRESS = "console.moves";

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * Moves one lease. {@code Missing("lease_not_found")}, {@code Missing("node_not_found")}; {@code
   * Conflict("no_owner")} if no living node owns it, {@code Conflict("already_there")}, {@code
   * Conflict("not_movable")}, {@code Conflict("node_not_ready")}.
   *
   * @param lease its whole name
   * @param node the name of the node that gets it
   */
  record MoveLease(String lease, String node) implements MoveCommand<MovePlan> {}

  /**
   * Makes a plan, which moves nothing yet: what would go from where to where. {@code
   * Missing("node_not_found")}; {@code Conflict("nothing_to_move")}; {@code
   * Conflict("no_ready_node")} if there is none that could get it.
   *
   * @param from the node that shares what it owns; empty to balance all nodes
   * @param count how much it shares, at most {@link MovePlan#STEPS_MAX}; ignored to balance
   */
  record MakePlan(String from, int count) implements MoveCommand<MovePlan> {}

  /**
   * Carries out a plan. {@code Missing("plan_not_found")}; {@code Conflict("plan_not_ready")} if it
   * was started before or is older than an hour; {@code Conflict("plan_running")} while another one
   * of several moves runs.
   */
  record RunPlan(long plan) implements MoveCommand<MovePlan> {}

  /** Leaves out the moves of a plan that have not begun. {@code Missing("plan_not_found")}. */
  record CancelPlan(long plan) implements MoveCommand<MovePlan> {}

  /** Finds a plan. {@code Missing("plan_not_found")}. */
  record FindPlan(long plan) implements MoveCommand<MovePlan> {}

  /**
   * Lists plans, the newest first.
   *
   * @param before the id of the last one of the page before; null for the first page
   */
  record ListPlans(@Nullable Long before, int max) implements MoveCommand<List<MovePlan>> {}

  /** Lists the moves of a plan in their order. */
  record ListSteps(long plan) implements MoveCommand<List<MovePlan.Step>> {}
}
