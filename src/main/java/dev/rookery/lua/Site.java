package dev.rookery.lua;

import org.jspecify.annotations.Nullable;

/**
 * A place in a script where something can fail: what precedes the message of an error, and under
 * which name a call there names the function.
 */
final class Site {
  /** Stands for the caller of a function whose frame a tail call replaced. */
  static final Site TAIL_CALL = new Site("", -1, null, false);

  final String chunk;
  final int line;
  final @Nullable String calledName;
  final boolean isMethod;

  Site(String chunk, int line, @Nullable String calledName, boolean isMethod) {
    this.chunk = chunk;
    this.line = line;
    this.calledName = calledName;
    this.isMethod = isMethod;
  }

  String prefix() {
    return line < 0 ? "" : chunk + ":" + line + ": ";
  }

  LuaError error(String message) {
    return new LuaError(prefix() + message).raisedAt(this);
  }
}
