package dev.rookery.extension;

/** A lock passed to another node before the work under it was committed; nothing was stored. */
public final class LockLostException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** For the server. */
  public LockLostException(String message) {
    super(message);
  }
}
