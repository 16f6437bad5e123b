package dev.rookery.extension;

import java.util.List;
import java.util.Map;

/**
 * A refusal by the server. It has no stack trace of the server: a refusal is not a fault.
 *
 * <p>Uncaught in a function, it is an exception like any other: the client gets {@code
 * unexpected_error}. Uncaught in a hook, it refuses the change.
 */
public class PlatformException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final String code;
  private final transient Map<String, List<String>> fields;

  /** The kinds of refusals. */
  public enum Kind {
    /** There is no such object. */
    NOT_FOUND,
    /** The player is not allowed to. */
    DENIED,
    /** The present state does not allow it. */
    CONFLICT,
    /** A value breaks a rule; see {@link PlatformException#fields}. */
    INVALID,
    /** Too often. */
    LIMITED,
    /** Not now, for a reason of the server; a later attempt may succeed. */
    UNAVAILABLE
  }

  /** For the server. */
  public PlatformException(Kind kind, String code, Map<String, List<String>> fields) {
    super(fields.isEmpty() ? code : code + " " + fields);
    this.kind = kind;
    this.code = code;
    this.fields = Map.copyOf(fields);
  }

  public final Kind kind() {
    return kind;
  }

  /** The code, such as {@code already_in_lobby}. */
  public final String code() {
    return code;
  }

  /** The messages by field if the kind is {@code INVALID}; empty otherwise. */
  public final Map<String, List<String>> fields() {
    return fields;
  }
}
