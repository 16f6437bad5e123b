package dev.rookery.protocol.gamend;

import java.util.List;
import java.util.Map;

/** A request that does not fit its operation. Has no stack trace: it is no fault. */
final class InvalidRequest extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient ErrorShape shape;
  private final transient Map<String, List<String>> fields;

  InvalidRequest(ErrorShape shape, Map<String, List<String>> fields) {
    super("a request that does not fit", null, false, false);
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
