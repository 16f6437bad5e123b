package dev.rookery.base;

/** Carries a {@link Refusal} to whoever answers. Has no stack trace: a refusal is no fault. */
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

  public static Refused invalid(String field, String sentence) {
    return new Refused(Refusal.Invalid.field(field, sentence));
  }
}
