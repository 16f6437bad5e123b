package dev.rookery.loadtest;

/**
 * The server refused a request, or did not answer. Status 0 means that there was no answer, so that
 * the outcome is unknown.
 */
final class RequestException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;

  RequestException(int status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  int status() {
    return status;
  }

  /** Whether the request may be retried, on this node or another one. */
  boolean isRetryable() {
    return status == 0 || status >= 500 || status == 429;
  }
}
