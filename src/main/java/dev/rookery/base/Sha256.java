package dev.rookery.base;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, which every Java platform has. Texts are hashed as UTF-8. */
public final class Sha256 {
  private Sha256() {}

  /** Begins the hash of content that comes in parts. */
  public static MessageDigest begin() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  public static byte[] hash(byte[] content) {
    return begin().digest(content);
  }

  public static byte[] hash(String text) {
    return hash(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The hash in hexadecimal digits. */
  public static String hex(byte[] content) {
    return HexFormat.of().formatHex(hash(content));
  }

  /** The hash in hexadecimal digits. */
  public static String hex(String text) {
    return HexFormat.of().formatHex(hash(text));
  }

  /** The first bytes of the hash in hexadecimal digits. */
  public static String hex(String text, int bytes) {
    return HexFormat.of().formatHex(hash(text), 0, bytes);
  }
}
