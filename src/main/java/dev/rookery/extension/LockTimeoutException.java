package dev.rookery.extension;

/** A lock was not acquired in time, so its work has not begun. The message says which lock. */
public class LockTimeoutException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LockTimeoutException(String message) {
    super(message);
  }
}
