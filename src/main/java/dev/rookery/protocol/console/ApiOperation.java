package dev.rookery.protocol.console;

import java.util.List;
import java.util.Locale;

/**
 * An operation of the API document, as the explorer shows it.
 *
 * @param path with its parameters in braces
 * @param permission what an admin needs for it, {@link #ANY} if every admin may do it; empty for
 *     operations of players
 * @param signedIn whether it needs a token
 * @param bytes whether its body is the bytes of a file
 */
record ApiOperation(
    String id,
    String method,
    String path,
    String tag,
    String summary,
    String description,
    String permission,
    boolean signedIn,
    boolean bytes,
    List<Parameter> parameters) {
  /** In place of a permission: every admin may do it to what is their own. */
  static final String ANY = "any";

  /**
   * A value that a request carries.
   *
   * @param location {@code path}, {@code query} or {@code body}
   * @param type of the schema: {@code string}, {@code integer}, {@code number}, {@code boolean},
   *     {@code object} or {@code array}
   * @param options the values that are possible; empty for any
   */
  record Parameter(
      String location,
      String name,
      String type,
      boolean required,
      String description,
      List<String> options) {
    /** The name of the field of a form, and of the parameter of a link. */
    public String field() {
      return location.charAt(0) + "." + name;
    }

    /** Whether a link must not carry the value. */
    public boolean isSecret() {
      String lower = name.toLowerCase(Locale.ROOT);
      return lower.contains("password")
          || lower.contains("token")
          || lower.contains("secret")
          || lower.equals("code");
    }

    /** Whether the value is a text in JSON, in quotes. */
    boolean isText() {
      return type.equals("string");
    }
  }

  /** Whether a search for words in lower case finds it. */
  boolean matches(List<String> words) {
    String text = (id + " " + method + " " + path + " " + summary).toLowerCase(Locale.ROOT);
    return words.stream().allMatch(text::contains);
  }
}
