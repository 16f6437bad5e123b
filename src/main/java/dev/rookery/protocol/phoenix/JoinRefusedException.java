package dev.rookery.protocol.phoenix;

/** A join that the channel does not grant. Has no stack trace: a refusal is no fault. */
public final class JoinRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public JoinRefusedException(String reason) {
    super(reason, null, false, false);
  }

  String reason() {
    return getMessage() == null ? "" : getMessage();
  }
}
