package dev.rookery.provider;

import dev.rookery.provider.ProviderException.Reason;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is said of people, in identity tokens and profiles. Nothing in it has to be as it should.
 */
final class Claims {
  private static final int LEEWAY_S = 60;

  private Claims() {}

  /**
   * That they were made by and for these, and hold now.
   *
   * @param nonce what the token has to repeat; null if it was not asked to
   */
  static JsonObject check(
      JsonObject claims,
      Set<String> issuers,
      List<String> audiences,
      @Nullable String nonce,
      long nowS) {
    require(isFor(claims, audiences), Reason.AUDIENCE);
    require(claims.getValue("iss") instanceof String iss && issuers.contains(iss), Reason.ISSUER);
    require(
        claims.getValue("exp") instanceof Number exp && exp.longValue() > nowS - LEEWAY_S,
        Reason.EXPIRED);
    Object begins = claims.getValue("nbf");
    require(
        begins == null || (begins instanceof Number nbf && nbf.longValue() <= nowS + LEEWAY_S),
        Reason.EXPIRED);
    require(nonce == null || nonce.equals(claims.getValue("nonce")), Reason.FORGED);
    require(!text(claims, "sub").isEmpty(), Reason.INCOMPLETE);
    return claims;
  }

  /** For one of ours, and for nobody else. */
  private static boolean isFor(JsonObject claims, List<String> ours) {
    return switch (claims.getValue("aud")) {
      case String one -> ours.contains(one);
      case JsonArray many ->
          !many.isEmpty() && many.stream().allMatch(one -> ours.contains(String.valueOf(one)));
      case null, default -> false;
    };
  }

  private static void require(boolean holds, Reason why) {
    if (!holds) {
      throw new ProviderException(why, "a token that does not hold");
    }
  }

  /** By claims that were checked, or by a profile. */
  static Profile profile(JsonObject claims) {
    String name = text(claims, "name");
    return new Profile(
        text(claims, "sub"),
        verifiedEmail(claims, "email_verified"),
        name.isEmpty() ? text(claims, "given_name") : name,
        text(claims, "picture"));
  }

  /** The address, if the service says that it is his; Apple says so as a text. */
  static String verifiedEmail(JsonObject claims, String flag) {
    return "true".equals(String.valueOf(claims.getValue(flag))) ? text(claims, "email") : "";
  }

  /** Empty for what is no text. */
  static String text(JsonObject object, String field) {
    return object.getValue(field) instanceof String text ? text : "";
  }

  /** What has to be there. */
  static String required(JsonObject object, String field) {
    String text = text(object, field);
    if (text.isEmpty()) {
      throw new ProviderException(Reason.MALFORMED, "no " + field);
    }
    return text;
  }
}
