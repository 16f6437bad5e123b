package dev.rookery.cluster;

import java.util.List;

/**
 * Listener for changes of the cluster's membership, called on the heartbeat thread: it must not
 * block.
 */
public interface MembershipListener {
  /**
   * Runs of other nodes have ended, in order or not. Called once for each run on every living node,
   * also for runs that ended before the node started.
   */
  default void onRunsEnded(List<EndedRun> runs) {}

  /**
   * This node has checked the other runs, as it does at every heartbeat unless it is standalone.
   */
  default void onChecked() {}

  /**
   * This node was declared dead after a long silence: everything held by run {@code oldRun} is
   * lost. The node continues as {@code newRun}.
   */
  default void onRunLost(long oldRun, long newRun) {}

  /**
   * An admin has ended the run of this node; called after {@link #onRunLost}. The new run is there
   * to end in order, and does not go on.
   */
  default void onFenced() {}
}
