package dev.rookery.protocol.phoenix;

/**
 * A channel refuses a join, with the reason that the client is told. Has no stack trace, because a
 * refusal is not an error.
 */
public final class JoinRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public JoinRefusedException(String reason) {
    super(reason, null, false, false);
  }

  String reason() {
    return getMessage() == null ? "" : getMessage();
  }
}
