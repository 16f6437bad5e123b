package dev.rookery.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sign-in: secrets that sign tokens, and the lifetime and number of sessions. */
public record AuthConfig(
    @Setting(env = "SECRET_KEY_BASE") @Nullable Secret secretKeyBase,
    @Setting(env = "SECRET_KEY_BASE_PREVIOUS") @Nullable Secret previousSecrets,
    @Setting(env = "GUARDIAN_SECRET_KEY") @Nullable Secret tokenSecret,
    @Setting(env = "JWT_SECRET") @Nullable Secret gameSecret,
    @Setting(env = "DEVICE_AUTH_ENABLED") boolean deviceSignIn,
    @Setting(max = 1_000) int sessionsMax,
    @Setting(min = 60_000) Duration sessionFor) {
  static final AuthConfig DEFAULTS =
      new AuthConfig(null, null, null, null, true, 20, Duration.ofDays(365));

  /**
   * Secrets that are accepted but never used: the previous ones, and during a rotation the next.
   */
  public List<String> previousSecretList() {
    return previousSecrets == null
        ? List.of()
        : Arrays.stream(previousSecrets.value().split(","))
            .map(String::strip)
            .filter(secret -> !secret.isEmpty())
            .toList();
  }

  /** The secret that signs tokens, or null if none is configured. */
  public @Nullable Secret signingSecret() {
    return tokenSecret == null ? secretKeyBase : tokenSecret;
  }
}
