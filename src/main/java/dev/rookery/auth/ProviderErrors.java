package dev.rookery.auth;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.player.Provider;
import dev.rookery.player.VerifiedProfile;
import dev.rookery.provider.ProviderException;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.function.Supplier;

/** What providers say, in the words of this domain. */
final class ProviderErrors {
  private ProviderErrors() {}

  /** The answer of a provider, or why there is none. */
  static <T> T call(Supplier<T> question) {
    try {
      return question.get();
    } catch (ProviderException no) {
      throw refused(
          switch (no.reason()) {
            case UNAVAILABLE, MALFORMED, TOO_LARGE -> "provider_away";
            case INCOMPLETE -> "profile_incomplete";
            case AUDIENCE, ISSUER, EXPIRED ->
                "token_" + no.reason().name().toLowerCase(Locale.ROOT);
            case NOT_CONFIGURED -> "provider_not_configured";
            case REFUSED, FORGED -> "not_vouched";
          });
    }
  }

  static Refused refused(String code) {
    return new Refused(
        code.startsWith("provider_") ? new Refusal.Unavailable(code) : new Refusal.Denied(code));
  }

  static JsonObject toJson(VerifiedProfile profile) {
    return new JsonObject()
        .put("id", profile.id())
        .put("email", profile.email())
        .put("name", profile.name())
        .put("picture", profile.picture());
  }

  static VerifiedProfile fromJson(Provider provider, JsonObject stored) {
    return new VerifiedProfile(
        provider,
        stored.getString("id"),
        stored.getString("email"),
        stored.getString("name"),
        stored.getString("picture"));
  }
}
