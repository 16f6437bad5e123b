package dev.rookery.protocol.kamon;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A range of the bytes of a file, both ends included.
 *
 * @param to one less than {@code from} for an empty file
 * @param partial whether a range was requested, even if it turned out to be the whole file
 */
record ByteRange(long from, long to, boolean partial) {
  private static final Pattern ONE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

  static ByteRange all(long size) {
    return new ByteRange(0, size - 1, false);
  }

  /**
   * Parses a {@code Range} header. Several ranges, and what is no range, are answered with the
   * whole file, as RFC 9110 allows; null if the range begins behind the end of the file.
   */
  static @Nullable ByteRange parse(String header, long size) {
    Matcher matcher = ONE.matcher(header);
    if (!matcher.matches()) {
      return all(size);
    }
    String first = matcher.group(1);
    String last = matcher.group(2);
    if (first.isEmpty()) {
      return last.isEmpty() ? all(size) : suffix(Long.parseLong(last), size);
    }
    long from = Long.parseLong(first);
    long to = last.isEmpty() ? size - 1 : Math.min(Long.parseLong(last), size - 1);
    if (from >= size) {
      return null;
    }
    return to < from ? all(size) : new ByteRange(from, to, true);
  }

  private static @Nullable ByteRange suffix(long length, long size) {
    return length == 0 || size == 0
        ? null
        : new ByteRange(Math.max(0, size - length), size - 1, true);
  }

  long length() {
    return to - from + 1;
  }
}
