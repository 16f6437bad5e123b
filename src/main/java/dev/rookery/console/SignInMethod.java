package dev.rookery.console;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a session of the console was opened. */
enum SignInMethod {
  /** With a session of the player, whatever opened that, and a code where one is set up. */
  PASSWORD,

  /** With a passkey, which needs no other session. */
  PASSKEY,

  /** At the identity provider of admins. */
  OIDC,

  /** At the identity provider of admins, which has asked for a second factor. */
  OIDC_FACTOR;

  private final String text = name().toLowerCase(Locale.ROOT);

  /** The name as it is stored. */
  String text() {
    return text;
  }

  boolean isOidc() {
    return this == OIDC || this == OIDC_FACTOR;
  }

  /** Returns the method of {@link #text}; a password if there is none. */
  static SignInMethod of(@Nullable String text) {
    for (SignInMethod method : values()) {
      if (method.text.equals(text)) {
        return method;
      }
    }
    return PASSWORD;
  }
}
