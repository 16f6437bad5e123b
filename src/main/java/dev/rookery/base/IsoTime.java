package dev.rookery.base;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * Reads the times that clients and admins write: ISO 8601 with an offset, such as {@code
 * 2031-05-06T07:08:09Z}.
 */
public final class IsoTime {
  private static final int YEAR_MAX = 9_999;
  private static final int MINUTES_LENGTH = "2031-05-06T07:08".length();

  private IsoTime() {}

  /**
   * Returns the time, or null if the text is none or its year in UTC is not one of 0 to 9999. The
   * classes of the JDK accept years of nine digits, whose milliseconds do not fit into a long.
   */
  public static @Nullable Instant parse(String text) {
    try {
      OffsetDateTime time = OffsetDateTime.parse(text).withOffsetSameInstant(ZoneOffset.UTC);
      return time.getYear() >= 0 && time.getYear() <= YEAR_MAX ? time.toInstant() : null;
    } catch (DateTimeException _) {
      return null;
    }
  }

  /** As {@link #parse}, for a time in UTC that may also end with the minutes. */
  public static @Nullable Instant parseUtc(String text) {
    return parse(text.length() == MINUTES_LENGTH ? text + ":00Z" : text);
  }
}
