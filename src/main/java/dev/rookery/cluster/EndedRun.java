package dev.rookery.cluster;

/**
 * A run that has ended.
 *
 * @param sinceNanos when it was last known to live, by the clock of the node that asks
 */
public record EndedRun(Member member, long sinceNanos) {
  public long run() {
    return member.run();
  }
}
