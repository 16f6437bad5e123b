package dev.rookery.base;

/** Generates random identifiers; tests use a predictable implementation. */
public interface Ids {
  /** Returns a random version 4 UUID in its usual text form. */
  String uuid();

  /** Returns {@code bytes} random bytes from a cryptographic source, as unpadded base64url. */
  String token(int bytes);
}
