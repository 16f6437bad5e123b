package dev.rookery.match;

import java.util.Locale;

/** The phase of a room. Its name in lower case is stored and shown to clients. */
public enum Phase {
  /** Players take seats. */
  LOBBY,
  /** The match was started; it may have a result already. */
  ACTIVE,
  /** Nobody can join any more. */
  CLOSED;

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Phase of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
