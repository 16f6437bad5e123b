package dev.rookery.base;

import java.util.HexFormat;

/** Generates random identifiers; tests use a predictable implementation. */
public interface Ids {
  /** Returns a random version 4 UUID in its usual text form. */
  String uuid();

  /**
   * Returns a version 7 UUID, which begins with a time: rows that are made one after the other are
   * neighbours in the indexes of such ids, so that a commit changes fewer pages. The other 74 bits
   * are as random as those of {@link #uuid}.
   *
   * @param timeMs milliseconds since the Unix epoch
   */
  default String uuidAt(long timeMs) {
    String random = uuid();
    String time = HexFormat.of().toHexDigits(timeMs, 12);
    return time.substring(0, 8) + "-" + time.substring(8) + "-7" + random.substring(15);
  }

  /** Returns {@code bytes} random bytes from a cryptographic source, as unpadded base64url. */
  String token(int bytes);
}
