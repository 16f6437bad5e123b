package dev.rookery.protocol.openturn;

import dev.rookery.base.JsonText;
import dev.rookery.protocol.openturn.SaveDecodeException.Code;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * The encrypted form of a saved game (openturn contract, 5): a header, a nonce, and the deflated
 * JSON under AES-256-GCM, with a key that depends on the secret and the version of the game.
 */
final class SaveEnvelope {
  /** The format of the JSON inside. */
  static final int FORMAT_VERSION = 1;

  static final int NONCE_BYTES = 12;

  private static final byte[] MAGIC = {'O', 'T', 'S', 'V'};
  private static final byte CONTAINER_VERSION = 1;
  private static final byte ALGORITHM = 1;
  private static final byte COMPRESSED = 1;

  private static final int VERSION_AT = 4;
  private static final int ALGORITHM_AT = 5;
  private static final int KEY_ID_AT = 6;
  private static final int FLAGS_AT = 7;
  private static final int NONCE_AT = 11;
  private static final int HEADER_BYTES = NONCE_AT + NONCE_BYTES;
  private static final int TAG_BYTES = 16;
  private static final int KEY_BYTES = 32;
  private static final int KEY_ID_MAX = 255;
  private static final int CHUNK = 8 << 10;

  /** Maximum size of the JSON: a small blob may inflate to a thousand times its size. */
  static final int PAYLOAD_MAX = 8 << 20;

  private SaveEnvelope() {}

  /**
   * The key of a version of a game.
   *
   * @throws IllegalArgumentException if the key id is not between 1 and 255
   */
  static SecretKey deriveKey(String secret, String deploymentVersion, int keyId) {
    if (keyId < 1 || keyId > KEY_ID_MAX) {
      throw new IllegalArgumentException("the key id is " + keyId);
    }
    var parameters =
        HKDFParameterSpec.ofExtract()
            .addIKM(secret.getBytes(StandardCharsets.UTF_8))
            .addSalt(new byte[] {(byte) keyId})
            .thenExpand(
                ("openturn-save:" + deploymentVersion).getBytes(StandardCharsets.UTF_8), KEY_BYTES);
    try {
      return KDF.getInstance("HKDF-SHA256").deriveKey("AES", parameters);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * Encrypts a payload for the version of the game that it names.
   *
   * @param nonce never used before with the same secret, version and key id
   * @throws IllegalArgumentException if the key id or the length of the nonce is wrong
   */
  static byte[] encode(JsonObject payload, String secret, int keyId, byte[] nonce) {
    if (nonce.length != NONCE_BYTES) {
      throw new IllegalArgumentException("the nonce has " + nonce.length + " bytes");
    }
    SecretKey key = deriveKey(secret, payload.getString("deploymentVersion"), keyId);
    byte[] header =
        ByteBuffer.allocate(HEADER_BYTES)
            .put(MAGIC)
            .put(CONTAINER_VERSION)
            .put(ALGORITHM)
            .put((byte) keyId)
            .put(COMPRESSED)
            .put(NONCE_AT, nonce)
            .array();
    byte[] plain = deflate(payload.encode().getBytes(StandardCharsets.UTF_8));
    try {
      byte[] encrypted = cipher(Cipher.ENCRYPT_MODE, key, header).doFinal(plain);
      return ByteBuffer.allocate(header.length + encrypted.length)
          .put(header)
          .put(encrypted)
          .array();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Decrypts what was encrypted for this version of the game. */
  static JsonObject decode(byte[] save, String secret, String deploymentVersion)
      throws SaveDecodeException {
    if (save.length < HEADER_BYTES + TAG_BYTES
        || !Arrays.equals(save, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new SaveDecodeException(Code.MAGIC);
    }
    if (save[VERSION_AT] != CONTAINER_VERSION || save[ALGORITHM_AT] != ALGORITHM) {
      throw new SaveDecodeException(Code.VERSION);
    }
    int keyId = Byte.toUnsignedInt(save[KEY_ID_AT]);
    if (keyId == 0) {
      throw new SaveDecodeException(Code.KEY);
    }
    byte[] plain = decrypt(save, deriveKey(secret, deploymentVersion, keyId));
    boolean compressed = (save[FLAGS_AT] & COMPRESSED) != 0;
    JsonObject payload = parse(compressed ? inflate(plain) : plain);
    if (!deploymentVersion.equals(payload.getValue("deploymentVersion"))
        || !(payload.getValue("saveFormatVersion") instanceof Number format)
        || format.doubleValue() != FORMAT_VERSION) {
      throw new SaveDecodeException(Code.VERSION);
    }
    return payload;
  }

  private static byte[] decrypt(byte[] save, SecretKey key) throws SaveDecodeException {
    byte[] header = Arrays.copyOf(save, HEADER_BYTES);
    try {
      return cipher(Cipher.DECRYPT_MODE, key, header)
          .doFinal(save, HEADER_BYTES, save.length - HEADER_BYTES);
    } catch (GeneralSecurityException _) {
      throw new SaveDecodeException(Code.AUTH);
    }
  }

  private static Cipher cipher(int mode, SecretKey key, byte[] header)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    var parameters = new GCMParameterSpec(TAG_BYTES * Byte.SIZE, header, NONCE_AT, NONCE_BYTES);
    cipher.init(mode, key, parameters);
    cipher.updateAAD(header);
    return cipher;
  }

  private static byte[] deflate(byte[] text) {
    var deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    try {
      deflater.setInput(text);
      deflater.finish();
      var compressed = new ByteArrayOutputStream();
      var chunk = new byte[CHUNK];
      while (!deflater.finished()) {
        compressed.write(chunk, 0, deflater.deflate(chunk));
      }
      return compressed.toByteArray();
    } finally {
      deflater.end();
    }
  }

  private static byte[] inflate(byte[] compressed) throws SaveDecodeException {
    var inflater = new Inflater(true);
    try {
      inflater.setInput(compressed);
      var text = new ByteArrayOutputStream();
      var chunk = new byte[CHUNK];
      while (!inflater.finished()) {
        int length = inflater.inflate(chunk);
        if (length == 0 || text.size() + length > PAYLOAD_MAX) {
          throw new SaveDecodeException(Code.PAYLOAD);
        }
        text.write(chunk, 0, length);
      }
      return text.toByteArray();
    } catch (DataFormatException _) {
      throw new SaveDecodeException(Code.PAYLOAD);
    } finally {
      inflater.end();
    }
  }

  /** What is JSON but no object has no version, as in the contract. */
  private static JsonObject parse(byte[] text) throws SaveDecodeException {
    if (!JsonText.isAcceptable(text)) {
      throw new SaveDecodeException(Code.PAYLOAD);
    }
    try {
      Object payload = Json.decodeValue(new String(text, StandardCharsets.UTF_8));
      if (payload instanceof JsonObject object) {
        return object;
      }
      throw new SaveDecodeException(payload == null ? Code.PAYLOAD : Code.VERSION);
    } catch (DecodeException _) {
      throw new SaveDecodeException(Code.PAYLOAD);
    }
  }
}
