package dev.rookery.extension;

/**
 * A lock would never have become free: its holder waits, itself or through others, for what the
 * current thread has. The work has not begun. Acquire nested locks in one order everywhere.
 *
 * <p>Among threads of one node it is thrown at once, without waiting. Between nodes one of the
 * threads that wait for each other gets it within about a second.
 */
public class LockDeadlockException extends LockTimeoutException {
  private static final long serialVersionUID = 1L;

  /** For the server. */
  public LockDeadlockException(String message) {
    super(message);
  }
}
