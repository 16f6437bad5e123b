package dev.rookery.protocol.openturn;

import dev.rookery.base.JsonText;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Signs and verifies room tokens (openturn contract, 4). Thread-safe. */
final class RoomTokens {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int PARTS = 3;

  private final String secret;

  /**
   * @throws IllegalArgumentException if the secret is empty
   */
  RoomTokens(String secret) {
    if (secret.isEmpty()) {
      throw new IllegalArgumentException("the secret of room tokens is empty");
    }
    this.secret = secret;
  }

  /** The signature of a text, as base64url without padding. */
  static String signValue(String text, String secret) {
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
      return encode(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  String sign(RoomClaims claims) {
    String payload = encode(claims.toJson().encode().getBytes(StandardCharsets.UTF_8));
    return payload + "." + signValue(payload, secret);
  }

  /** The claims of a token; null if it is not signed with the secret, not valid, or has ended. */
  @Nullable RoomClaims verify(String token, Instant now) {
    String[] parts = token.split("\\.", PARTS);
    if (parts.length < 2 || !isSigned(parts[0], parts[1])) {
      return null;
    }
    RoomClaims claims = claims(parts[0]);
    return claims == null || claims.exp() <= now.getEpochSecond() ? null : claims;
  }

  private boolean isSigned(String payload, String signature) {
    byte[] expected = signValue(payload, secret).getBytes(StandardCharsets.US_ASCII);
    return MessageDigest.isEqual(expected, signature.getBytes(StandardCharsets.UTF_8));
  }

  private static @Nullable RoomClaims claims(String payload) {
    try {
      byte[] text = Base64.getUrlDecoder().decode(payload);
      return JsonText.isAcceptable(text)
          ? RoomClaims.parse(new JsonObject(new String(text, StandardCharsets.UTF_8)))
          : null;
    } catch (IllegalArgumentException | DecodeException _) {
      return null;
    }
  }
}
