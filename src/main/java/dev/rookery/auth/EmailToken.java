package dev.rookery.auth;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Sha256;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What an emailed token is for, without the token itself.
 *
 * @param email the address it was sent to
 * @param player null for a registration that is not confirmed yet
 * @param payload JSON
 */
record EmailToken(Kind kind, String email, @Nullable PlayerId player, String payload) {
  static final int BYTES = 32;

  /** What a token may be used for, and its lifetime. */
  enum Kind {
    REGISTER(Duration.ofDays(7)),
    SIGN_IN(Duration.ofMinutes(15)),
    RESET(Duration.ofMinutes(15)),
    CHANGE(Duration.ofDays(7));

    private final Duration lifetime;

    Kind(Duration lifetime) {
      this.lifetime = lifetime;
    }

    Duration lifetime() {
      return lifetime;
    }

    String storedName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Returns the form in which a token is stored. Tokens have 256 random bits, so they need neither
   * salt nor a slow hash.
   */
  static String digest(String token) {
    return Sha256.hex(token);
  }

  @Override
  public String toString() {
    return "EmailToken[" + kind + "]";
  }
}
