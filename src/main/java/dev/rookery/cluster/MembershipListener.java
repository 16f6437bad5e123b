package dev.rookery.cluster;

import java.util.List;

/** Hears who lives and who does not, on the thread that beats: it must not wait for anything. */
public interface MembershipListener {
  /**
   * These runs of other nodes have ended, in order or not. Heard once for each by every node that
   * lives, also for those that ended before it began.
   */
  default void ended(List<EndedRun> runs) {}

  /** This node has looked at the others, as it does in every beat unless it is alone. */
  default void looked() {}

  /**
   * This node was silent for so long that it was given up for dead: whatever was held as {@code
   * before} is lost. It goes on as {@code now}.
   */
  default void lost(long before, long now) {}
}
