package dev.rookery.lease;

/** The result of an attempt to hand over a lease. */
public enum HandoverResult {
  /** Another run owns the lease now. */
  DONE,
  /** This node does not own it, or not any more. */
  NOT_OWNER,
  /**
   * This node owns it, but has not taken it up yet: it was transferred to this node a moment ago.
   * It may still be handed over when it has; if it does not within half a minute, the lease is
   * free.
   */
  NOT_ACQUIRED,
  /** What it stands for is bound to its node. */
  NOT_MOVABLE,
  /** What it stands for was not at rest in time; it may still be handed over when it is. */
  BUSY,
  /** The run that was to get it has ended. This node still owns the lease, or it is free. */
  TARGET_GONE
}
