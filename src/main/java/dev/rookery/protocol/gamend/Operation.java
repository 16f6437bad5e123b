package dev.rookery.protocol.gamend;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refusal.Conflict;
import dev.rookery.base.Refusal.Denied;
import dev.rookery.base.Refusal.Invalid;
import dev.rookery.base.Refusal.Limited;
import dev.rookery.base.Refusal.Missing;
import dev.rookery.base.Refusal.Unavailable;
import dev.rookery.console.Permission;
import io.vertx.core.http.HttpMethod;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An operation of the API document: one method on one path.
 *
 * @param path the path template, with parameters as {@code :name}
 * @param permission what the role of an admin must include; null for operations of players, and of
 *     admins whatever their role
 * @param invalid the error for invalid fields
 * @param missing the error for a missing required field
 * @param refusals the errors for refusals that differ from the default, by refusal code
 * @param answersJson false for files, which a client may ask for by another type than JSON
 */
record Operation(
    String id,
    HttpMethod method,
    String path,
    Access access,
    @Nullable Permission permission,
    List<Field> fields,
    ErrorShape invalid,
    ErrorShape missing,
    Map<String, ErrorShape> refusals,
    boolean answersJson) {
  static final ErrorShape TOO_MANY_REQUESTS = ErrorShape.bare(429);
  private static final ErrorShape INTERNAL_ERROR = ErrorShape.bare(500);

  /** The authentication that an operation requires. */
  enum Access {
    /** None; a token is ignored. */
    PUBLIC,
    /** None; an invalid token is rejected. */
    OPTIONAL,
    /** None; an invalid token counts as no token. */
    OPTIONAL_LENIENT,
    /** A valid token. */
    REQUIRED,
    /**
     * A valid token of a player whose role includes the permission at the time of the request; of a
     * player with a role if there is no permission.
     */
    ADMIN
  }

  /** Whether the audit log shows its use: an admin changes something, or reads what is secret. */
  boolean isAudited() {
    return access == Access.ADMIN
        && (!method.equals(HttpMethod.GET) || (permission != null && permission.isConfidential()));
  }

  /** Whether it is a list of admins, which may have a million rows. */
  boolean isAdminList() {
    return access == Access.ADMIN
        && method.equals(HttpMethod.GET)
        && fields.stream().anyMatch(field -> field.name().equals("page"));
  }

  /** Returns the error for a refusal: the one that the operation defines for its code, if any. */
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

  /** Returns the path parameters by name, or null if the path does not match. */
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
