package dev.rookery.extension.testkit;

/** A function or a push that the server answered with an error. */
public class CallFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;

  /**
   * @param code what the server sent as {@code error} or {@code reason}
   * @param message with the whole answer
   */
  public CallFailedException(String code, String message) {
    super(message);
    this.code = code;
  }

  /** What the server sent, such as {@code unexpected_error}; empty if it named no code. */
  public final String code() {
    return code;
  }
}
