package dev.rookery.console;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run of a node, as the cluster knows it, with what the node itself says.
 *
 * @param alive whether it takes part in the cluster
 * @param here whether it is the node that made the report
 * @param sockets as its last heartbeat said
 * @param players as its last heartbeat said
 * @param answer what the node said just now; null if it did not answer in time
 * @param answeredMs when it last answered this node; 0 if never
 */
public record NodeReport(
    String node,
    long run,
    String version,
    long startedMs,
    boolean alive,
    boolean here,
    long sockets,
    long players,
    @Nullable Answer answer,
    long answeredMs) {
  /** Whether the node says that clients may connect to it: it neither starts nor drains. */
  public boolean isReady() {
    return alive && answer != null && answer.phase().equals("ready");
  }

  /** Whether a node beside this one is ready; those that drain themselves do not count. */
  public static boolean hasOtherReady(List<NodeReport> nodes, String node) {
    return nodes.stream().anyMatch(one -> one.isReady() && !one.node().equals(node));
  }

  /**
   * What a node says about itself.
   *
   * @param phase {@code ready}, {@code starting} or {@code draining}
   * @param certain whether no other node can have declared it dead
   * @param diskFree the free part of the disk with its data, from 0 to 1
   * @param values the latest value of each column of the history that is known
   * @param warnings what an admin should know of its files
   */
  public record Answer(
      String phase,
      boolean certain,
      double diskFree,
      Map<String, Double> values,
      List<String> warnings) {
    public Answer {
      warnings = List.copyOf(warnings);
      values = Map.copyOf(values);
    }

    /** The value of a column; 0 if it is not known. */
    public double value(String column) {
      return values.getOrDefault(column, 0.0);
    }
  }
}
