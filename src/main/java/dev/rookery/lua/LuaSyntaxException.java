package dev.rookery.lua;

/** The source is no Lua 5.1. The message has the chunk's name, the line and the token. */
public final class LuaSyntaxException extends Exception {
  private static final long serialVersionUID = 1;

  private final int line;

  LuaSyntaxException(String message, int line) {
    super(message, null, false, false);
    this.line = line;
  }

  /** Returns the line of the error, from 1. */
  public int line() {
    return line;
  }
}
