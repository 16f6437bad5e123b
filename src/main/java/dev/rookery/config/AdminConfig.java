package dev.rookery.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The admin console: who becomes an admin at first, how admins sign in, and the audit log. */
public record AdminConfig(
    @Nullable SecondFactor secondFactor,
    @Setting(env = "FIRST_PLAYER_ADMIN") @Nullable Boolean firstPlayer,
    @Setting(env = "ROOKERY_OWNER_EMAIL") @Nullable String ownerEmail,
    @Setting(env = "ROOKERY_OWNER_PASSWORD") @Nullable Secret ownerPassword,
    @Setting(env = "ROOKERY_OWNER_PASSWORD_FILE") @Nullable Path ownerPasswordFile,
    @Setting(env = "ROOKERY_OWNER_RECOVER") @Nullable String recoverOwner,
    @Setting(min = 60_000) @Nullable Duration sessionIdle,
    @Setting(min = 60_000) @Nullable Duration sessionFor,
    @Setting(min = AdminConfig.AUDIT_MIN_MS) Duration auditKeptFor,
    @Setting(min = 1) int keyRequestsPerMinute,
    @Setting(env = "ADMIN_PASSWORDS") boolean passwords,
    Oidc oidc) {
  static final long AUDIT_MIN_MS = 90L * 24 * 60 * 60 * 1_000;
  static final AdminConfig DEFAULTS =
      new AdminConfig(
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          Duration.ofDays(400),
          600,
          true,
          new Oidc(
              null,
              null,
              null,
              "openid email profile",
              "your organisation",
              "groups",
              List.of(),
              List.of(),
              List.of()));

  private static final Duration OPEN_FOR = Duration.ofDays(30);
  private static final Duration IDLE_IN_PRODUCTION = Duration.ofMinutes(30);
  private static final Duration OPEN_IN_PRODUCTION = Duration.ofHours(12);

  /** Whether admins must have a second factor. */
  public enum SecondFactor {
    REQUIRED,
    OPTIONAL
  }

  /** The identity provider of admins; without an issuer there is none. */
  public record Oidc(
      @Setting(env = "ADMIN_OIDC_ISSUER") @Nullable String issuer,
      @Setting(env = "ADMIN_OIDC_CLIENT_ID") @Nullable String clientId,
      @Setting(env = "ADMIN_OIDC_CLIENT_SECRET") @Nullable Secret clientSecret,
      @Setting(env = "ADMIN_OIDC_SCOPE") String scope,
      @Setting(env = "ADMIN_OIDC_NAME") String name,
      @Setting(env = "ADMIN_OIDC_GROUPS_CLAIM") String groupsClaim,
      @Setting(env = "ADMIN_OIDC_ROLES") List<String> roles,
      @Setting(env = "ADMIN_OIDC_FACTOR_ACR") List<String> factorAcr,
      @Setting(env = "ADMIN_OIDC_FACTOR_AMR") List<String> factorAmr) {}

  /** Whether admins must have a second factor: by default in production. */
  public boolean requiresFactor(boolean production) {
    return secondFactor == null ? production : secondFactor == SecondFactor.REQUIRED;
  }

  /** Whether the first player of all becomes an admin: by default outside of production. */
  public boolean firstPlayerFor(boolean production) {
    return firstPlayer == null ? !production : firstPlayer;
  }

  /** How long a session of the console lasts without a request. */
  public Duration sessionIdleFor(boolean production) {
    return sessionIdle != null ? sessionIdle : production ? IDLE_IN_PRODUCTION : OPEN_FOR;
  }

  /** How long a session of the console lasts at most. */
  public Duration sessionLifetime(boolean production) {
    return sessionFor != null ? sessionFor : production ? OPEN_IN_PRODUCTION : OPEN_FOR;
  }
}
