package dev.rookery.provider;

import dev.rookery.provider.ProviderException.Reason;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Claims of ID tokens and fields of profiles. No field is trusted to have the expected type. */
final class Claims {
  private static final int LEEWAY_S = 60;
  private static final int TEXTS_MAX = 1_000;

  private Claims() {}

  /**
   * Checks issuer, audience, lifetime, nonce and subject of claims whose signature is valid. Times
   * have a leeway of a minute.
   *
   * @param audiences client ids; the token may name these only
   * @param nonce that the token must repeat; null if none was sent
   * @param nowS seconds since the epoch
   */
  static JsonObject check(
      JsonObject claims,
      Set<String> issuers,
      List<String> audiences,
      @Nullable String nonce,
      long nowS) {
    require(isFor(claims, audiences), Reason.AUDIENCE, "aud");
    require(
        claims.getValue("iss") instanceof String iss && issuers.contains(iss),
        Reason.ISSUER,
        "iss");
    require(
        claims.getValue("exp") instanceof Number exp && exp.longValue() > nowS - LEEWAY_S,
        Reason.EXPIRED,
        "exp");
    Object notBefore = claims.getValue("nbf");
    require(
        notBefore == null
            || (notBefore instanceof Number nbf && nbf.longValue() <= nowS + LEEWAY_S),
        Reason.EXPIRED,
        "nbf");
    require(nonce == null || nonce.equals(claims.getValue("nonce")), Reason.FORGED, "nonce");
    require(!text(claims, "sub").isEmpty(), Reason.INCOMPLETE, "sub");
    return claims;
  }

  /** Checks the authorized party, which a token need not name. */
  static void checkAuthorizedParty(JsonObject claims, String clientId) {
    require(
        !claims.containsKey("azp") || clientId.equals(claims.getValue("azp")),
        Reason.AUDIENCE,
        "azp");
  }

  private static boolean isFor(JsonObject claims, List<String> clientIds) {
    return switch (claims.getValue("aud")) {
      case String one -> clientIds.contains(one);
      case JsonArray many ->
          !many.isEmpty() && many.stream().allMatch(one -> clientIds.contains(String.valueOf(one)));
      case null, default -> false;
    };
  }

  private static void require(boolean holds, Reason reason, String claim) {
    if (!holds) {
      throw new ProviderException(reason, "ID token with invalid claim " + claim);
    }
  }

  /** From the claims of a verified token, or from a userinfo answer. */
  static Profile profile(JsonObject claims) {
    String name = text(claims, "name");
    return new Profile(
        text(claims, "sub"),
        verifiedEmail(claims, "email_verified"),
        name.isEmpty() ? text(claims, "given_name") : name,
        text(claims, "picture"));
  }

  /**
   * The address if the provider has verified it, otherwise empty.
   *
   * @param flag the field that says so; Apple sends it as text
   */
  static String verifiedEmail(JsonObject claims, String flag) {
    return "true".equals(String.valueOf(claims.getValue(flag))) ? text(claims, "email") : "";
  }

  /** Empty if the field is absent or not text. */
  static String text(JsonObject object, String field) {
    return object.getValue(field) instanceof String text ? text : "";
  }

  /** Whether the claim is there; a dot leads into an object unless the whole name is a claim. */
  static boolean has(JsonObject claims, String name) {
    return value(claims, name) != null;
  }

  /** The texts of a claim that is a list or a single text, at most {@value #TEXTS_MAX} of them. */
  static List<String> texts(JsonObject claims, String name) {
    return switch (value(claims, name)) {
      case String one -> List.of(one);
      case JsonArray many ->
          many.stream()
              .filter(String.class::isInstance)
              .map(String.class::cast)
              .limit(TEXTS_MAX)
              .toList();
      case null, default -> List.of();
    };
  }

  private static @Nullable Object value(JsonObject claims, String name) {
    Object whole = claims.getValue(name);
    int dot = name.indexOf('.');
    if (whole != null || dot < 0) {
      return whole;
    }
    return claims.getValue(name.substring(0, dot)) instanceof JsonObject inside
        ? value(inside, name.substring(dot + 1))
        : null;
  }

  /** Fails with {@link Reason#MALFORMED} if the field is absent, empty or not text. */
  static String required(JsonObject object, String field) {
    String text = text(object, field);
    if (text.isEmpty()) {
      throw new ProviderException(Reason.MALFORMED, "no " + field);
    }
    return text;
  }
}
