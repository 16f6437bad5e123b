package dev.rookery.auth;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.player.Provider;
import dev.rookery.player.Vouched;
import dev.rookery.provider.Unconvinced;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.function.Supplier;

/** What providers say, in the words of this domain. */
final class Vouching {
  private Vouching() {}

  /** The answer of a provider, or why there is none. */
  static <T> T ask(Supplier<T> question) {
    try {
      return question.get();
    } catch (Unconvinced no) {
      throw refused(
          switch (no.why()) {
            case AWAY, GARBAGE, TOO_BIG -> "provider_away";
            case INCOMPLETE -> "profile_incomplete";
            case AUDIENCE, ISSUER, EXPIRED -> "token_" + no.why().name().toLowerCase(Locale.ROOT);
            case NOT_CONFIGURED -> "provider_not_configured";
            case REFUSED, FORGED -> "not_vouched";
          });
    }
  }

  static Refused refused(String code) {
    return new Refused(
        code.startsWith("provider_") ? new Refusal.Unavailable(code) : new Refusal.Denied(code));
  }

  static JsonObject stored(Vouched vouched) {
    return new JsonObject()
        .put("id", vouched.id())
        .put("email", vouched.email())
        .put("name", vouched.name())
        .put("picture", vouched.picture());
  }

  static Vouched read(Provider provider, JsonObject stored) {
    return new Vouched(
        provider,
        stored.getString("id"),
        stored.getString("email"),
        stored.getString("name"),
        stored.getString("picture"));
  }
}
