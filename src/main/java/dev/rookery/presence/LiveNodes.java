package dev.rookery.presence;

/**
 * Which nodes are alive, for rows of later domains that are true only as long as the node that
 * wrote them is there.
 */
public final class LiveNodes {
  private LiveNodes() {}

  /** SQL that holds when the node named in that column is not given up for dead. */
  public static String include(String nodeColumn) {
    return "EXISTS (SELECT 1 FROM presence_node"
        + " WHERE presence_node.node = %s AND presence_node.alive = 1)".formatted(nodeColumn);
  }
}
