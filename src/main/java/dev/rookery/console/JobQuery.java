package dev.rookery.console;

import dev.rookery.bus.Command;
import dev.rookery.lease.ClusterJob;
import java.util.List;

/** The periodic jobs of the server, for operators. Served by any node, which asks the others. */
public sealed interface JobQuery<R> extends Command<R> {
  String ADDRESS = "console.jobs";

  @Override
  default String address() {
    return ADDRESS;
  }

  /** All jobs that a node holds, by name. */
  record ListJobs() implements JobQuery<JobPage> {}

  /**
   * Runs a job as soon as it does not run. {@code Missing("not_found")} if no node holds it; {@code
   * Unavailable("timeout")} if a node that may hold it does not answer, which may run it all the
   * same.
   */
  record RunJob(String name) implements JobQuery<OwnedJob> {}

  /** A job with the node that holds it. */
  record OwnedJob(String node, ClusterJob job) {}

  /**
   * @param silent the nodes that did not answer
   */
  record JobPage(List<OwnedJob> jobs, List<String> silent) {
    public JobPage {
      jobs = List.copyOf(jobs);
      silent = List.copyOf(silent);
    }
  }
}
