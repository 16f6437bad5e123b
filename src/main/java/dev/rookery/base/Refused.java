package dev.rookery.base;

/**
 * The exception that carries a {@link Refusal} to the caller. It has no stack trace, because a
 * refusal is not a fault.
 */
public final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  public Refused(Refusal refusal) {
    super(refusal.code(), null, false, false);
    this.refusal = refusal;
  }

  public Refusal refusal() {
    return refusal;
  }

  /**
   * Whether a rule has refused it, so that nothing was changed. After any other failure, such as an
   * outage or an answer that is late, it may have been carried out, or may succeed later.
   */
  public static boolean isByRule(Throwable failure) {
    return failure instanceof Refused refused && !(refused.refusal instanceof Refusal.Unavailable);
  }

  public static Refused missing(String code) {
    return new Refused(new Refusal.Missing(code));
  }

  public static Refused denied(String code) {
    return new Refused(new Refusal.Denied(code));
  }

  public static Refused conflict(String code) {
    return new Refused(new Refusal.Conflict(code));
  }

  public static Refused invalid(String field, String message) {
    return new Refused(Refusal.Invalid.field(field, message));
  }
}
