package dev.rookery.protocol.page;

import org.jspecify.annotations.Nullable;

/** A theme cannot be used. The message names the file, and the line if it is known. */
final class ThemeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final int line;

  ThemeException(String message, int line, @Nullable Throwable cause) {
    super(message, cause);
    this.line = line;
  }

  /** The line of the theme file; 0 if it is not known. */
  int line() {
    return line;
  }
}
