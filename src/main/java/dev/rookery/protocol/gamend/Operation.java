package dev.rookery.protocol.gamend;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refusal.Conflict;
import dev.rookery.base.Refusal.Denied;
import dev.rookery.base.Refusal.Invalid;
import dev.rookery.base.Refusal.Limited;
import dev.rookery.base.Refusal.Missing;
import dev.rookery.base.Refusal.Unavailable;
import io.vertx.core.http.HttpMethod;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An operation of the API document: one method on one path.
 *
 * @param path with its parameters as {@code :name}
 * @param invalid the answer when fields do not hold what they should
 * @param missing the answer when a required field is missing
 * @param refusals the answers to refusals whose plain answer would not do, by code
 */
record Operation(
    String id,
    HttpMethod method,
    String path,
    Access access,
    List<Field> fields,
    ErrorShape invalid,
    ErrorShape missing,
    Map<String, ErrorShape> refusals) {
  static final ErrorShape TOO_MANY_REQUESTS = ErrorShape.bare(429);
  private static final ErrorShape INTERNAL_ERROR = ErrorShape.bare(500);

  /** What is asked of the one who calls. */
  enum Access {
    /** Anybody; a token is not looked at. */
    PUBLIC,
    /** Anybody; a bad token is refused. */
    OPTIONAL,
    /** Anybody; a bad token is as if there were none. */
    OPTIONAL_LENIENT,
    REQUIRED,
    /** A player who is an admin, now. */
    ADMIN
  }

  /** The one place that decides how a refusal is said over HTTP. */
  ErrorShape errorShape(Refusal refusal) {
    ErrorShape defined = refusals.get(refusal.code());
    if (defined != null) {
      return defined;
    }
    String code = refusal.code();
    return switch (refusal) {
      case Missing _ -> ErrorShape.of(404, code);
      case Denied _ -> ErrorShape.of(403, code);
      case Conflict _ -> ErrorShape.of(409, code);
      case Invalid _ -> invalid;
      case Limited _ -> TOO_MANY_REQUESTS;
      case Unavailable _ -> code.equals("internal") ? INTERNAL_ERROR : ErrorShape.of(503, code);
    };
  }

  /** The values of the path's parameters, in their order, or null if the path is another. */
  @Nullable Map<String, String> matchPath(String actualPath) {
    String[] expected = path.split("/", -1);
    String[] actual = actualPath.split("/", -1);
    if (expected.length != actual.length) {
      return null;
    }
    var values = new HashMap<String, String>();
    for (int i = 0; i < expected.length; i++) {
      if (expected[i].startsWith(":")) {
        values.put(expected[i].substring(1), actual[i]);
      } else if (!expected[i].equals(actual[i])) {
        return null;
      }
    }
    return values;
  }
}
