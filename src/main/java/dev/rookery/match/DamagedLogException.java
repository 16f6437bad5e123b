package dev.rookery.match;

/** The log or a snapshot of a match does not give what it gave when it was written. */
final class DamagedLogException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  DamagedLogException(String message) {
    super(message);
  }
}
