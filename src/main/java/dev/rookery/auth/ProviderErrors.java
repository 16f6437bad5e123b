package dev.rookery.auth;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.provider.ProviderException;
import java.util.Locale;
import java.util.function.Supplier;

/** Failures of identity providers as refusals. */
final class ProviderErrors {
  private ProviderErrors() {}

  /** Calls a provider and turns its {@link ProviderException} into a refusal. */
  static <T> T call(Supplier<T> request) {
    try {
      return request.get();
    } catch (ProviderException failed) {
      throw refused(
          switch (failed.reason()) {
            case UNAVAILABLE, MALFORMED, TOO_LARGE -> "provider_away";
            case INCOMPLETE -> "profile_incomplete";
            case AUDIENCE, ISSUER, EXPIRED ->
                "token_" + failed.reason().name().toLowerCase(Locale.ROOT);
            case NOT_CONFIGURED -> "provider_not_configured";
            case REFUSED, FORGED -> "not_vouched";
          });
    }
  }

  /** The refusal with this code: an outage or missing configuration, or else a denial. */
  static Refused refused(String code) {
    return new Refused(
        code.startsWith("provider_") ? new Refusal.Unavailable(code) : new Refusal.Denied(code));
  }
}
