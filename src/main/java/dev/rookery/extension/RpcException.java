package dev.rookery.extension;

/**
 * Refuses a call. Clients on a socket get the reason; over HTTP they get {@code unexpected_error}.
 * The reasons {@code not_found}, {@code not_implemented}, {@code timeout} and {@code
 * missing_hooks_module} are shown over HTTP as the server's own errors of these names.
 *
 * <p>It has no stack trace, because a refusal is not a fault.
 */
public class RpcException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String reason;

  /**
   * @param reason a code or a sentence; of a longer one only the first 500 characters are sent
   */
  public RpcException(String reason) {
    super(reason, null, false, false);
    this.reason = reason;
  }

  public final String reason() {
    return reason;
  }
}
