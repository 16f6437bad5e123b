package dev.rookery.script;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A Lua script. Two scripts with the same digest have the same source; its bytes are never changed.
 *
 * @param name the file's name without {@code .lua}
 * @param sha1 the SHA-1 of the source in hexadecimal, as {@code EVALSHA} takes it
 * @param source the text as it was read; Lua strings are bytes
 * @param role the least role that may call it
 */
public record Script(String name, String sha1, byte[] source, ScriptRole role) {
  /**
   * Reads the role and computes the digest.
   *
   * @throws IllegalArgumentException if the source names an unknown role
   */
  public static Script of(String name, byte[] source) {
    return new Script(name, sha1(source), source, ScriptRole.ofSource(source));
  }

  /** The SHA-1 of bytes in hexadecimal, as {@code redis.sha1hex} returns it. */
  public static String sha1(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException(missing);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Script(var otherName, var otherSha1, _, var otherRole)
        && name.equals(otherName)
        && sha1.equals(otherSha1)
        && role == otherRole;
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + sha1.hashCode();
  }

  @Override
  public String toString() {
    return name + " " + sha1;
  }
}
