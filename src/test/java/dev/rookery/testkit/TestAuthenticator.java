package dev.rookery.testkit;

import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;

/**
 * An authenticator and its browser, with one credential: answers options of this server as {@code
 * navigator.credentials} does. What it says can be made wrong.
 */
public final class TestAuthenticator {
  private static final int PRESENT = 1;
  private static final int VERIFIED = 4;
  private static final int ATTESTED = 64;
  private static final int COORDINATE_BYTES = 32;

  private final KeyPair keys;
  private final byte[] id = new byte[COORDINATE_BYTES];
  private final String origin;
  private int counter;
  private boolean verifies = true;

  /**
   * @param origin of the page that it is used on
   */
  public TestAuthenticator(String origin, int seed) {
    this.origin = origin;
    this.id[0] = (byte) seed;
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      this.keys = generator.generateKeyPair();
    } catch (GeneralSecurityException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** The same credential on a page of another origin. */
  private TestAuthenticator(TestAuthenticator other, String origin) {
    this.keys = other.keys;
    System.arraycopy(other.id, 0, id, 0, id.length);
    this.counter = other.counter;
    this.origin = origin;
  }

  public TestAuthenticator at(String otherOrigin) {
    return new TestAuthenticator(this, otherOrigin);
  }

  /** Sets the counter, which each answer increments first. */
  public TestAuthenticator counter(int value) {
    counter = value;
    return this;
  }

  /** Does not ask the person for a fingerprint or PIN any more. */
  public TestAuthenticator withoutVerification() {
    verifies = false;
    return this;
  }

  public String create(JsonObject options) {
    byte[] client = clientData("webauthn.create", options.getString("challenge"));
    byte[] key = coseKey();
    var attested =
        ByteBuffer.allocate(16 + Short.BYTES + id.length + key.length)
            .put(new byte[16])
            .putShort((short) id.length)
            .put(id)
            .put(key);
    byte[] data =
        authenticatorData(options.getJsonObject("rp").getString("id"), ATTESTED, attested.array());
    byte[] object =
        cbor(
            generator -> {
              generator.writeStartObject(3);
              generator.writeStringField("fmt", "none");
              generator.writeFieldName("attStmt");
              generator.writeStartObject(0);
              generator.writeEndObject();
              generator.writeBinaryField("authData", data);
              generator.writeEndObject();
            });
    return answer(
        JsonObject.of(
            "clientDataJSON",
            base64(client),
            "attestationObject",
            base64(object),
            "transports",
            JsonArray.of("internal")));
  }

  public String get(JsonObject options) {
    byte[] client = clientData("webauthn.get", options.getString("challenge"));
    byte[] data = authenticatorData(options.getString("rpId"), 0, new byte[0]);
    try {
      var signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(keys.getPrivate());
      signature.update(data);
      signature.update(sha256(client));
      return answer(
          JsonObject.of(
              "clientDataJSON",
              base64(client),
              "authenticatorData",
              base64(data),
              "signature",
              base64(signature.sign())));
    } catch (GeneralSecurityException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private String answer(JsonObject response) {
    return new JsonObject()
        .put("id", base64(id))
        .put("rawId", base64(id))
        .put("type", "public-key")
        .put("clientExtensionResults", new JsonObject())
        .put("response", response)
        .encode();
  }

  private byte[] clientData(String type, String challenge) {
    return JsonObject.of(
            "type", type, "challenge", challenge, "origin", origin, "crossOrigin", false)
        .encode()
        .getBytes(StandardCharsets.UTF_8);
  }

  private byte[] authenticatorData(String party, int flags, byte[] rest) {
    counter++;
    int all = PRESENT | flags | (verifies ? VERIFIED : 0);
    return ByteBuffer.allocate(32 + 1 + Integer.BYTES + rest.length)
        .put(sha256(party.getBytes(StandardCharsets.UTF_8)))
        .put((byte) all)
        .putInt(counter)
        .put(rest)
        .array();
  }

  /** The public key as COSE has it: kty EC2, alg ES256, crv P-256, x, y. */
  private byte[] coseKey() {
    var point = ((ECPublicKey) keys.getPublic()).getW();
    return cbor(
        generator -> {
          generator.writeStartObject(5);
          generator.writeFieldId(1);
          generator.writeNumber(2);
          generator.writeFieldId(3);
          generator.writeNumber(-7);
          generator.writeFieldId(-1);
          generator.writeNumber(1);
          generator.writeFieldId(-2);
          generator.writeBinary(coordinate(point.getAffineX()));
          generator.writeFieldId(-3);
          generator.writeBinary(coordinate(point.getAffineY()));
          generator.writeEndObject();
        });
  }

  private static byte[] coordinate(BigInteger value) {
    byte[] bytes = value.toByteArray();
    var padded = new byte[COORDINATE_BYTES];
    int length = Math.min(bytes.length, COORDINATE_BYTES);
    System.arraycopy(bytes, bytes.length - length, padded, COORDINATE_BYTES - length, length);
    return padded;
  }

  private interface Writing {
    void to(CBORGenerator generator) throws IOException;
  }

  private static byte[] cbor(Writing writing) {
    var bytes = new ByteArrayOutputStream();
    try (var generator = new CBORFactory().createGenerator(bytes)) {
      writing.to(generator);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
