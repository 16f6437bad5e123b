package dev.rookery.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Identity providers that players sign in with. A provider without a client id is off. */
public record ProvidersConfig(
    @Setting(min = 100, max = 6_000) Duration within,
    Discord discord,
    Google google,
    Facebook facebook,
    Apple apple,
    Steam steam,
    OpenId openId) {
  static final ProvidersConfig DEFAULTS =
      new ProvidersConfig(
          Duration.ofSeconds(5),
          new Discord(null, null, null),
          new Google(null, null, null, null),
          new Facebook(null, null, null),
          new Apple(null, null, null, null, null, null),
          new Steam(null, null, null),
          new OpenId(null, null, null, "openid email profile"));

  public record Discord(
      @Setting(env = "DISCORD_API_BASE_URL") @Nullable String url,
      @Setting(env = "DISCORD_CLIENT_ID") @Nullable String clientId,
      @Setting(env = "DISCORD_CLIENT_SECRET") @Nullable Secret clientSecret) {}

  public record Google(
      @Setting(env = "GOOGLE_API_BASE_URL") @Nullable String url,
      @Setting(env = "GOOGLE_CLIENT_ID") @Nullable String clientId,
      @Setting(env = "GOOGLE_CLIENT_SECRET") @Nullable Secret clientSecret,
      @Setting(env = "GOOGLE_WEB_CLIENT_ID") @Nullable String webClientId) {}

  public record Facebook(
      @Setting(env = "FACEBOOK_API_BASE_URL") @Nullable String url,
      @Setting(env = "FACEBOOK_CLIENT_ID") @Nullable String clientId,
      @Setting(env = "FACEBOOK_CLIENT_SECRET") @Nullable Secret clientSecret) {}

  public record Apple(
      @Setting(env = "APPLE_API_BASE_URL") @Nullable String url,
      @Setting(env = "APPLE_WEB_CLIENT_ID") @Nullable String webClientId,
      @Setting(env = "APPLE_IOS_CLIENT_ID") @Nullable String phoneClientId,
      @Setting(env = "APPLE_TEAM_ID") @Nullable String team,
      @Setting(env = "APPLE_KEY_ID") @Nullable String keyId,
      @Setting(env = "APPLE_PRIVATE_KEY") @Nullable Secret privateKey) {}

  public record Steam(
      @Setting(env = "STEAM_API_BASE_URL") @Nullable String url,
      @Setting(env = "STEAM_API_KEY") @Nullable Secret key,
      @Setting(env = "STEAM_APP_ID") @Nullable String app) {}

  public record OpenId(
      @Setting(env = "OPENID_ISSUER") @Nullable String issuer,
      @Setting(env = "OPENID_CLIENT_ID") @Nullable String clientId,
      @Setting(env = "OPENID_CLIENT_SECRET") @Nullable Secret clientSecret,
      @Setting(env = "OPENID_SCOPE") String scope) {}
}
