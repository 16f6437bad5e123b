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

  /** How long the node waits for {@link #onShutdown} before it closes the store. */
  default Duration shutdownTimeout() {
    return Duration.ofSeconds(5);
  }
}
