package dev.rookery.loadrun;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import java.util.List;

/** Load tests that admins run. Served by any node. */
public sealed interface LoadCommand<R> extends Command<R> {
  String ADDRESS = "loadrun";

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * Starts a run on the node that it names. {@code Denied("load_tests_disabled")}; {@code Invalid}
   * {@code players}, {@code ramp}, {@code time}, {@code p99}; {@code Missing("node_not_found")} for
   * a node that does not answer; {@code Conflict("load_test_is_running")} while another run has not
   * ended.
   */
  record Start(LoadPlan plan, PlayerId admin) implements LoadCommand<LoadRun> {}

  /** Ends a run; its process ends within seconds. {@code Missing("not_found")}. */
  record Cancel(long run) implements LoadCommand<LoadRun> {}

  /**
   * Deletes the players of a run with all that is theirs. {@code Missing("not_found")}, {@code
   * Conflict("load_test_is_running")}.
   */
  record RemovePlayers(long run) implements LoadCommand<LoadRun> {}

  /** A run with its seconds. {@code Missing("not_found")}. */
  record Find(long run) implements LoadCommand<RunDetails> {}

  /** The latest runs, at most 50, and what may be started. */
  record ListRuns() implements LoadCommand<RunPage> {}

  /** A run with its seconds. */
  record RunDetails(LoadRun run, List<LoadSecond> seconds) {
    public RunDetails {
      seconds = List.copyOf(seconds);
    }
  }

  /**
   * @param nodes that can start a run
   */
  record RunPage(List<LoadRun> runs, List<String> nodes, LoadSettings settings) {
    public RunPage {
      runs = List.copyOf(runs);
      nodes = List.copyOf(nodes);
    }
  }
}
