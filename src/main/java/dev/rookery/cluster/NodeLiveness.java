package dev.rookery.cluster;

import dev.rookery.store.Reader;
import java.util.HashSet;
import java.util.Set;

/** SQL conditions for rows that are valid only as long as the run that wrote them is alive. */
public final class NodeLiveness {
  private NodeLiveness() {}

  /** A SQL condition that is true when the run in that column, or of that value, is alive. */
  public static String isAliveCondition(String run) {
    return "EXISTS (SELECT 1 FROM node WHERE node.id = %s AND node.alive = 1)".formatted(run);
  }

  /** A SQL query for the ids of runs that have ended and are not deleted yet. */
  public static String endedRunsQuery() {
    return "SELECT node.id FROM node WHERE node.alive = 0";
  }

  /** The ids of runs that have ended and are not deleted yet. */
  public static Set<Long> findEndedRuns(Reader reader) {
    return new HashSet<>(reader.read(endedRunsQuery()).all(row -> row.number("id")));
  }
}
