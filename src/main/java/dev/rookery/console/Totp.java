package dev.rookery.console;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.OptionalLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Time-based one-time passwords as authenticator apps make them: RFC 6238, SHA-1, 30 s, 6 digits.
 */
final class Totp {
  static final int SECRET_BYTES = 20;
  private static final String ALGORITHM = "HmacSHA1";
  private static final int STEP_MS = 30_000;
  private static final int MODULUS = 1_000_000;

  /** How many steps the clock of a phone may be off. */
  private static final int TOLERANCE = 1;

  private static final String BASE_32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final int BITS_OF_CHARACTER = 5;

  private Totp() {}

  /** Returns the code of a time step. */
  static String code(byte[] secret, long step) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret, ALGORITHM));
      byte[] hash = mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(step).array());
      int offset = hash[hash.length - 1] & 0xf;
      int number = ByteBuffer.wrap(hash).getInt(offset) & Integer.MAX_VALUE;
      return "%06d".formatted(number % MODULUS);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static long step(long nowMs) {
    return nowMs / STEP_MS;
  }

  /**
   * Returns the time step that a code belongs to, if it is valid about now. Takes constant time.
   */
  static OptionalLong findStep(byte[] secret, String code, long nowMs) {
    byte[] typed = code.replace(" ", "").getBytes(StandardCharsets.UTF_8);
    var found = OptionalLong.empty();
    for (int i = -TOLERANCE; i <= TOLERANCE; i++) {
      long step = step(nowMs) + i;
      if (MessageDigest.isEqual(code(secret, step).getBytes(StandardCharsets.UTF_8), typed)) {
        found = OptionalLong.of(step);
      }
    }
    return found;
  }

  /** Writes bytes in base 32 without padding, as authenticator apps take a secret. */
  static String base32(byte[] bytes) {
    var text = new StringBuilder();
    int buffer = 0;
    int bits = 0;
    for (byte each : bytes) {
      buffer = (buffer << Byte.SIZE) | (each & 0xff);
      bits += Byte.SIZE;
      while (bits >= BITS_OF_CHARACTER) {
        bits -= BITS_OF_CHARACTER;
        text.append(BASE_32.charAt((buffer >> bits) & 0x1f));
      }
    }
    if (bits > 0) {
      text.append(BASE_32.charAt((buffer << (BITS_OF_CHARACTER - bits)) & 0x1f));
    }
    return text.toString();
  }

  /** Reads {@link #base32}; characters that are none of it are skipped. */
  static byte[] bytes(String base32) {
    var bytes = ByteBuffer.allocate(base32.length());
    int buffer = 0;
    int bits = 0;
    for (char c : base32.toUpperCase(Locale.ROOT).toCharArray()) {
      int value = BASE_32.indexOf(c);
      if (value >= 0) {
        buffer = (buffer << BITS_OF_CHARACTER) | value;
        bits += BITS_OF_CHARACTER;
        if (bits >= Byte.SIZE) {
          bits -= Byte.SIZE;
          bytes.put((byte) (buffer >> bits));
        }
      }
    }
    byte[] read = new byte[bytes.position()];
    bytes.flip().get(read);
    return read;
  }
}
