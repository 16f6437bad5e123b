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
  static final ErrorShape TOO_MANY = ErrorShape.bare(429);
  private static final ErrorShape BROKEN = ErrorShape.bare(500);

  /** What is asked of the one who calls. */
  enum Access {
    /** Anybody; a token is not looked at. */
    OPEN,
    /** Anybody; a bad token is refused. */
    OPTIONAL,
    /** Anybody; a bad token is as if there were none. */
    FORGIVING,
    REQUIRED,
    /** A player who is an admin, now. */
    ADMIN
  }

  /** The one place that decides how a refusal is said over HTTP. */
  ErrorShape shape(Refusal refusal) {
    ErrorShape written = refusals.get(refusal.code());
    if (written != null) {
      return written;
    }
    String code = refusal.code();
    return switch (refusal) {
      case Missing _ -> ErrorShape.of(404, code);
      case Denied _ -> ErrorShape.of(403, code);
      case Conflict _ -> ErrorShape.of(409, code);
      case Invalid _ -> invalid;
      case Limited _ -> TOO_MANY;
      case Unavailable _ -> code.equals("internal") ? BROKEN : ErrorShape.of(503, code);
    };
  }

  /** The values of the path's parameters, in their order, or null if the path is another. */
  @Nullable Map<String, String> match(String actual) {
    String[] mine = path.split("/", -1);
    String[] theirs = actual.split("/", -1);
    if (mine.length != theirs.length) {
      return null;
    }
    var values = new HashMap<String, String>();
    for (int i = 0; i < mine.length; i++) {
      if (mine[i].startsWith(":")) {
        values.put(mine[i].substring(1), theirs[i]);
      } else if (!mine[i].equals(theirs[i])) {
        return null;
      }
    }
    return values;
  }
}
