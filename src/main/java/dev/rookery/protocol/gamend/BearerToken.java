package dev.rookery.protocol.gamend;

import org.jspecify.annotations.Nullable;

/** Reads the token of an {@code Authorization} header (Gamend HTTP contract, section 2.2). */
final class BearerToken {
  private static final String SCHEME = "bearer";

  private BearerToken() {}

  /** Accepts {@code Bearer x} and {@code Bearer: x} in any case; otherwise returns null. */
  static @Nullable String of(@Nullable String header) {
    if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return null;
    }
    int end = SCHEME.length();
    if (end < header.length() && header.charAt(end) == ':') {
      end++;
    }
    boolean separated = end < header.length() && Character.isWhitespace(header.charAt(end));
    String token = separated ? header.substring(end).strip() : "";
    return token.isEmpty() ? null : token;
  }
}
