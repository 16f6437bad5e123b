package dev.rookery.console;

import dev.rookery.base.Refused;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import dev.rookery.cluster.NodeCalls;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Questions of operators about the nodes of the cluster. They are answered from memory, on this
 * node and on the others; nodes that do not answer within {@link NodeCalls#WITHIN} are named.
 */
public sealed interface OperationsQuery<R> extends Command<R> {
  String ADDRESS = "console.operations";

  @Override
  default String address() {
    return ADDRESS;
  }

  /** All runs of nodes that are known, living ones first, each with what it says now. */
  record ListNodes() implements OperationsQuery<List<NodeReport>> {}

  /**
   * The points of columns of the history, by node.
   *
   * @param columns at most {@value #COLUMNS_MAX}
   * @param points how many points at most
   */
  record ReadHistory(MetricRange range, List<String> columns, int points)
      implements OperationsQuery<History> {
    public static final int COLUMNS_MAX = 40;
    public static final int POINTS_MAX = 720;
  }

  /**
   * Points of nodes, all of the same times.
   *
   * @param nodes by the name of the node, in the order of their names
   * @param silent the names of living nodes that did not answer
   */
  record History(long endMs, Map<String, MetricPoints> nodes, List<String> silent) {}

  /**
   * The newest lines of the log of all nodes, in the order of time.
   *
   * @param after by node the number of the line after which lines are wanted; a node that is
   *     missing has sent none yet
   */
  record ReadLog(LogFilter filter, Map<String, Long> after, int max)
      implements OperationsQuery<LogPage> {
    public static final int LINES_MAX = 1_000;
  }

  /**
   * Sets the level of a logger on nodes for a while. Answers the names of the nodes that did it.
   * Invalid {@code logger}.
   *
   * @param node the name of the node; empty for all
   */
  record SetLogLevel(String logger, LogLine.Level level, String node)
      implements OperationsQuery<List<String>> {
    /** How long the level is set for. */
    public static final Duration LASTS = Duration.ofMinutes(15);

    private static final Pattern LOGGER = Pattern.compile("[A-Za-z][\\w.$]{0,199}");

    public SetLogLevel {
      if (!LOGGER.matcher(logger).matches()) {
        throw Refused.invalid("logger", "is not the name of a logger");
      }
    }
  }

  /** The level of a logger of a node that differs from the configured one for a while. */
  record NodeLevel(String node, LogLevels.Change change) {}

  /** A line of the log of a node. */
  record NodeLine(String node, LogLine line) {}

  /**
   * Lines of the log.
   *
   * @param newest by node the number of its newest line
   * @param oldestMs since when every node that answered has all its lines; 0 if there are none
   * @param missed how many lines the nodes had to drop because too many came at once
   * @param levels the levels that were changed for a while
   */
  record LogPage(
      List<NodeLine> lines,
      Map<String, Long> newest,
      long oldestMs,
      long missed,
      List<NodeLevel> levels,
      List<String> silent) {}

  /** The configuration of this node, compared with the others. */
  record ReadConfiguration() implements OperationsQuery<Configuration> {}

  /**
   * The configuration of a node.
   *
   * @param differing by key the value of each node, where they differ
   */
  record Configuration(
      String node,
      List<ConfigEntry> entries,
      Map<String, Map<String, String>> differing,
      List<String> silent) {}

  /** What a node says about its process and its machine. */
  record ReadRuntime(String node) implements OperationsQuery<ProcessFacts> {}

  /** A figure about a process, as a text for people. */
  record Fact(String group, String name, String value) {}

  /**
   * Figures about the process of a node.
   *
   * @param facts null if the node did not answer
   */
  record ProcessFacts(String node, @Nullable List<Fact> facts) {}

  /**
   * Asks a node to drain and to end, as a signal does: it tells load balancers, closes its sockets
   * so that clients connect to other nodes, hands over what it owns, and exits. Answers whether the
   * node took the request. {@code Missing("not_found")} for a node that is not there, {@code
   * Conflict("last_node")} if no other one is ready.
   */
  record DrainNode(String node) implements OperationsQuery<Boolean> {}

  /** The clients that have used up a limit of requests on a node now, at most 100 of each. */
  record ListLimited() implements OperationsQuery<LimitedPage> {}

  /**
   * A client that is limited.
   *
   * @param limit the name of the limit
   * @param network the network of its addresses
   * @param count its requests in the window of time
   * @param waitMs until the window ends
   */
  record Limited(String node, String limit, String network, int count, long waitMs) {}

  /** Clients that are limited, by node. */
  record LimitedPage(List<Limited> clients, List<String> silent) {}

  /** The requests that the nodes have refused lately, the newest first. */
  record ListRefused() implements OperationsQuery<List<RefusedRequests.Request>> {
    public static final int MAX = 100;
  }

  /** Lets the clients of a network make requests again, on all nodes. */
  record ForgetLimited(String network) implements OperationsQuery<Done> {}

  /** The stacks of the platform threads of a node; empty if it did not answer. */
  record DumpThreads(String node) implements OperationsQuery<String> {}
}
