package dev.rookery.protocol.phoenix;

/** A join that the channel does not grant. Has no stack trace: a refusal is no fault. */
public final class JoinRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public JoinRefused(String reason) {
    super(reason, null, false, false);
  }

  String reason() {
    return getMessage() == null ? "" : getMessage();
  }
}
