package dev.rookery.base;

/** Identity of one sign-in: 128 random bits as unpadded base64url. Not a secret by itself. */
public record SessionId(String value) {
  @Override
  public String toString() {
    return value;
  }
}
