package dev.rookery.provider;

/** Nobody vouches. Has no stack trace: it is no fault of ours. */
public final class Unconvinced extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What came instead of a person. */
  public enum Why {
    /** The service says no. */
    REFUSED,
    /** It does not answer in time, or is broken. */
    AWAY,
    /** What it says cannot be understood. */
    GARBAGE,
    TOO_BIG,
    /** It does not say who it is. */
    INCOMPLETE,
    /** A signature is not the service's, or an answer belongs to another flow. */
    FORGED,
    /** Meant for somebody else. */
    AUDIENCE,
    /** Made by somebody else. */
    ISSUER,
    EXPIRED,
    /** The server was not told what the service knows it by. */
    NOT_CONFIGURED
  }

  private final Why why;

  /**
   * @param what for the log; holds no token and no code
   */
  public Unconvinced(Why why, String what) {
    super(what, null, false, false);
    this.why = why;
  }

  public Why why() {
    return why;
  }
}
