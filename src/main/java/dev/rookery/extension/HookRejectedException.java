package dev.rookery.extension;

/** Refuses a change in a {@link BeforeHook}. It has no stack trace: a refusal is not a fault. */
public class HookRejectedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String reason;

  /**
   * @param reason a code or a sentence; clients see it for chat messages alone, and at most 500
   *     characters of it
   */
  public HookRejectedException(String reason) {
    super(reason, null, false, false);
    this.reason = reason;
  }

  public final String reason() {
    return reason;
  }
}
