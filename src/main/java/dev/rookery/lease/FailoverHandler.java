package dev.rookery.lease;

import java.time.Duration;

/** Takes over and gives up leases of one kind on this node; the methods may block. */
public interface FailoverHandler {
  /**
   * The lease has no living owner: acquire it if this node can serve what it stands for. Every
   * living node is called, and called again after a while as long as nobody acquires it.
   */
  void onOrphaned(String name);

  /**
   * The lease was lost, because this node was declared dead or another one owns it: drop the state
   * held in memory. The store refuses writes under the lost lease.
   */
  void onLost(Lease lease);

  /**
   * The node is shutting down: store what must be stored and acquire nothing more. Afterwards all
   * leases are released at once.
   */
  default void onShutdown() {}

  /** Whether leases of this kind can be handed over while their owner lives. */
  default boolean isMovable() {
    return false;
  }

  /** Whether this node could serve what the lease stands for. Called only if it is movable. */
  default boolean canServe(String name) {
    return false;
  }

  /**
   * Hands over what the lease stands for to another run: ends what is under way, stores what must
   * be stored, and then transfers the lease. If that run has ended meanwhile, nothing is lost: the
   * lease stays here, or is free.
   */
  default HandoverResult handOver(String name, long toRun) {
    return HandoverResult.NOT_MOVABLE;
  }

  /** How long the node waits for {@link #onShutdown} before it closes the store. */
  default Duration shutdownTimeout() {
    return Duration.ofSeconds(5);
  }
}
