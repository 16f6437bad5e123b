package dev.rookery.loadtest;

/** A server said no, or nothing. Status 0 if there was no answer, so nobody knows what was done. */
final class RequestException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;

  RequestException(int status, String what) {
    super(what, null, false, false);
    this.status = status;
  }

  int status() {
    return status;
  }

  /** Whether it may be tried again, here or at another node. */
  boolean mayPass() {
    return status == 0 || status >= 500 || status == 429;
  }
}
