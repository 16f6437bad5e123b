package dev.rookery.transport;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * One direction of an encrypted connection between two members: records of a length (4 bytes) and
 * at most {@value #PLAIN_MAX} bytes encrypted with AES-256-GCM. The nonce counts the records, and
 * the key belongs to this direction of this connection alone. So a record that is changed, left
 * out, repeated or moved ends the connection. Not thread-safe.
 */
final class LinkCipher {
  static final int PLAIN_MAX = 16 * 1024;
  static final int OVERHEAD = Integer.BYTES + 16;
  static final int RECORD_MAX = PLAIN_MAX + OVERHEAD;

  private static final int TAG_BITS = 128;
  private static final int NONCE_BYTES = 12;

  private final Cipher cipher;
  private final SecretKeySpec key;
  private long records;

  LinkCipher(byte[] key) {
    this.key = new SecretKeySpec(key, "AES");
    try {
      this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES-GCM", e);
    }
  }

  /** Writes one record with as much of {@code plain} as fits; false if there is room for none. */
  boolean encrypt(ByteBuffer plain, ByteBuffer wire) throws GeneralSecurityException {
    int length = Math.min(Math.min(plain.remaining(), PLAIN_MAX), wire.remaining() - OVERHEAD);
    if (length <= 0) {
      return false;
    }
    int encrypted = length + OVERHEAD - Integer.BYTES;
    wire.putInt(encrypted);
    ByteBuffer part = plain.slice(plain.position(), length);
    plain.position(plain.position() + length);
    start(Cipher.ENCRYPT_MODE, encrypted).doFinal(part, wire);
    return true;
  }

  /** Whether a whole record has been received; throws if it cannot be one. */
  static boolean isComplete(ByteBuffer wire) throws GeneralSecurityException {
    if (wire.remaining() < Integer.BYTES) {
      return false;
    }
    int length = wire.getInt(wire.position());
    if (length <= OVERHEAD - Integer.BYTES || length > RECORD_MAX - Integer.BYTES) {
      throw new GeneralSecurityException("a record of " + length + " bytes");
    }
    return wire.remaining() >= Integer.BYTES + length;
  }

  /** Decrypts one complete record; false if {@code plain} has no room for it yet. */
  boolean decrypt(ByteBuffer wire, ByteBuffer plain) throws GeneralSecurityException {
    int length = wire.getInt(wire.position());
    if (plain.remaining() < length - (OVERHEAD - Integer.BYTES)) {
      return false;
    }
    ByteBuffer record = wire.slice(wire.position() + Integer.BYTES, length);
    wire.position(wire.position() + Integer.BYTES + length);
    start(Cipher.DECRYPT_MODE, length).doFinal(record, plain);
    return true;
  }

  private Cipher start(int mode, int length) throws GeneralSecurityException {
    byte[] nonce = ByteBuffer.allocate(NONCE_BYTES).putInt(0).putLong(records++).array();
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(ByteBuffer.allocate(Integer.BYTES).putInt(0, length));
    return cipher;
  }
}
