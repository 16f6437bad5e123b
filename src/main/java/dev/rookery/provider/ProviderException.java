package dev.rookery.provider;

/**
 * An identity provider did not verify the player, or could not be asked. {@link #reason()} tells a
 * refusal from an outage. The message is for the log and holds no token, code or secret. There is
 * no stack trace, because this is an expected outcome.
 */
public final class ProviderException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why there is no verified profile. */
  public enum Reason {
    /** The provider refused: a status of 3xx or 4xx, or a negative answer. */
    REFUSED("refused"),
    /** The provider did not answer in time, or answered with 5xx, 408 or 429. */
    UNAVAILABLE("away"),
    /** The answer cannot be parsed, or lacks a required field. */
    MALFORMED("garbage"),
    /** The answer is larger than the limit. */
    TOO_LARGE("too_big"),
    /** The profile has no subject, or lacks a claim that this server requires. */
    INCOMPLETE("incomplete"),
    /** The signature is not valid, or the answer belongs to another flow. */
    FORGED("forged"),
    /** The token is issued for another client. */
    AUDIENCE("audience"),
    /** The token is issued by another issuer. */
    ISSUER("issuer"),
    /** The token has expired, or is not valid yet. */
    EXPIRED("expired"),
    /** The provider's client id or key is not configured. */
    NOT_CONFIGURED("not_configured");

    private final String tag;

    Reason(String tag) {
      this.tag = tag;
    }

    /** The value of the {@code outcome} tag of {@code rookery.provider.calls}. */
    String tag() {
      return tag;
    }
  }

  private final Reason reason;

  /**
   * @param message for the log; without tokens, codes and secrets
   */
  public ProviderException(Reason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
