package dev.rookery.auth;

import dev.rookery.base.PlayerId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What was mailed, without the token itself.
 *
 * @param player null for one who is no player yet
 * @param payload JSON
 */
record EmailToken(Kind kind, String email, @Nullable PlayerId player, String payload) {
  static final int BYTES = 32;

  /** What a token is good for, and for how long. */
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

  /** As tokens are kept: they are random enough that no salt and no slow hash is needed. */
  static String digest(String token) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public String toString() {
    return "EmailToken[" + kind + "]";
  }
}
