package dev.rookery.cluster;

import dev.rookery.store.Reader;
import java.util.HashSet;
import java.util.Set;

/** For rows of later packages that are true only as long as the run that wrote them lives. */
public final class NodeLiveness {
  private NodeLiveness() {}

  /** SQL that holds when the run in that column, or of that value, is alive. */
  public static String includes(String run) {
    return "EXISTS (SELECT 1 FROM node WHERE node.id = %s AND node.alive = 1)".formatted(run);
  }

  /** SQL for the ids of runs that have ended and are still remembered. */
  public static String ended() {
    return "SELECT node.id FROM node WHERE node.alive = 0";
  }

  /** The runs that have ended and are still remembered. */
  public static Set<Long> ended(Reader reader) {
    return new HashSet<>(reader.read(ended()).all(row -> row.number("id")));
  }
}
