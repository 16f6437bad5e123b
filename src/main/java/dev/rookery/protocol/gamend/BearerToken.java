package dev.rookery.protocol.gamend;

import org.jspecify.annotations.Nullable;

/** Finds the token in an {@code Authorization} header. */
final class BearerToken {
  private static final String WORD = "bearer";

  private BearerToken() {}

  /** {@code Bearer x} or {@code Bearer: x}, in any case; null if the word is not there. */
  static @Nullable String of(@Nullable String header) {
    if (header == null || !header.regionMatches(true, 0, WORD, 0, WORD.length())) {
      return null;
    }
    int end = WORD.length();
    if (end < header.length() && header.charAt(end) == ':') {
      end++;
    }
    boolean apart = end < header.length() && Character.isWhitespace(header.charAt(end));
    String token = apart ? header.substring(end).strip() : "";
    return token.isEmpty() ? null : token;
  }
}
