package dev.rookery.console;

import dev.rookery.bus.Command;
import dev.rookery.lease.Duty;
import java.util.List;

/** The periodic jobs of the server, for operators. Served by any node, which asks the others. */
public sealed interface JobQuery<R> extends Command<R> {
  String ADDRESS = "console.jobs";

  @Override
  default String address() {
    return ADDRESS;
  }

  /** All jobs that a node holds, by name. */
  record ListDuties() implements JobQuery<DutyPage> {}

  /**
   * Runs a job as soon as it does not run. {@code Missing("not_found")} if no node that answers
   * holds it.
   */
  record RunDuty(String name) implements JobQuery<NodeDuty> {}

  /** A job with the node that holds it. */
  record NodeDuty(String node, Duty duty) {}

  /**
   * @param silent the nodes that did not answer
   */
  record DutyPage(List<NodeDuty> duties, List<String> silent) {
    public DutyPage {
      duties = List.copyOf(duties);
      silent = List.copyOf(silent);
    }
  }
}
