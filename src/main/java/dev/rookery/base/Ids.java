package dev.rookery.base;

/** Where new random identities come from; a test puts a predictable one in its place. */
public interface Ids {
  /** A random version 4 UUID in its usual text form. */
  String uuid();

  /** {@code bytes} random bytes from a cryptographic source, as unpadded base64url. */
  String token(int bytes);
}
