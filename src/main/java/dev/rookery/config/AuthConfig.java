package dev.rookery.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
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
  /** Minimum length of a secret in production. */
  static final int SECRET_LENGTH_MIN = 32;

  static final AuthConfig DEFAULTS =
      new AuthConfig(null, null, null, null, true, 20, Duration.ofDays(365));

  /**
   * Secrets that are accepted but never used: the previous ones, and during a rotation the next. A
   * comma separates two secrets where both are long enough to be one; as a secret may hold a comma,
   * the whole text is accepted too.
   */
  public List<String> previousSecretList() {
    if (previousSecrets == null) {
      return List.of();
    }
    String whole = previousSecrets.value();
    List<String> parts = Arrays.stream(whole.split(",")).map(String::strip).toList();
    boolean list = parts.stream().allMatch(part -> part.length() >= SECRET_LENGTH_MIN);
    return Stream.concat(list ? parts.stream() : Stream.of(), Stream.of(whole)).distinct().toList();
  }

  /** The secret that signs tokens, or null if none is configured. */
  public @Nullable Secret signingSecret() {
    return tokenSecret == null ? secretKeyBase : tokenSecret;
  }
}
