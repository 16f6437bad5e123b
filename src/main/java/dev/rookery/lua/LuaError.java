package dev.rookery.lua;

import org.jspecify.annotations.Nullable;

/**
 * An error of a script, which {@code pcall} catches. It carries the value that the script raised,
 * which may be a table, and has no Java stack trace, because scripts raise errors often.
 */
public final class LuaError extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient @Nullable Object value;

  private transient @Nullable Site site;

  /** An error with any value of Lua. */
  public LuaError(@Nullable Object value) {
    super(null, null, false, false);
    this.value = value;
  }

  /** An error with a text, as it is: without a position. */
  public LuaError(String text) {
    this((Object) LuaString.of(text));
  }

  /** Returns the value that the script raised. */
  public @Nullable Object value() {
    return value;
  }

  /** Returns the name of the chunk that raised the error, or null where none was running. */
  public @Nullable String chunk() {
    return site == null ? null : site.chunk;
  }

  /** Returns the line that raised the error, or -1 where no script was running. */
  public int line() {
    return site == null ? -1 : site.line;
  }

  /** Records where the error was raised, unless that is known. */
  LuaError raisedAt(@Nullable Site place) {
    if (site == null) {
      site = place;
    }
    return this;
  }

  @Override
  public String getMessage() {
    return value instanceof LuaString s
        ? s.toString()
        : value instanceof Double d
            ? LuaNumber.format(d)
            : "(error object is a " + Ops.typeName(value) + " value)";
  }
}
