package dev.rookery.extension;

/**
 * A lock would never have become free: its holder waits, itself or through others, for what the
 * current thread has. Thrown at once, without waiting; the work has not begun. Acquire nested locks
 * in one order everywhere.
 *
 * <p>Only threads of one node are seen. Work on two nodes that waits for each other gets {@link
 * LockTimeoutException}.
 */
public class LockDeadlockException extends LockTimeoutException {
  private static final long serialVersionUID = 1L;

  /** For the server. */
  public LockDeadlockException(String message) {
    super(message);
  }
}
