package dev.rookery.lease;

/** Serves things of one kind that have one owner each, on this node. May park its thread. */
public interface FailoverHandler {
  /**
   * The thing has no living owner: take it, if you can serve it. Every node that lives hears this,
   * and hears it again after a while, as long as nobody took it.
   */
  void orphaned(String name);

  /**
   * This node was given up for dead, or somebody else has the lease: drop what is held in memory.
   * The store refuses what is written under it.
   */
  void lost(Lease lease);

  /**
   * The node is about to leave: store what must be stored and take nothing more. Afterwards all
   * leases are free for the others at once.
   */
  default void leaving() {}
}
