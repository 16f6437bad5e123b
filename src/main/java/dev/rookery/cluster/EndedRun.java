package dev.rookery.cluster;

/**
 * A run that has ended.
 *
 * @param lastSeenNanos when it was last known to be alive, by the clock of this node
 */
public record EndedRun(Member member, long lastSeenNanos) {
  public long run() {
    return member.run();
  }
}
