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
