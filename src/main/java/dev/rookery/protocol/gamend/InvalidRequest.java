package dev.rookery.protocol.gamend;

import java.util.List;
import java.util.Map;

/**
 * Thrown for a request whose fields are missing or invalid for its operation. Has no stack trace,
 * because it is the client's error.
 */
final class InvalidRequest extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient ErrorShape shape;
  private final transient Map<String, List<String>> fields;

  InvalidRequest(ErrorShape shape, Map<String, List<String>> fields) {
    super("invalid request", null, false, false);
    this.shape = shape;
    this.fields = fields;
  }

  ErrorShape shape() {
    return shape;
  }

  Map<String, List<String>> fields() {
    return fields;
  }
}
