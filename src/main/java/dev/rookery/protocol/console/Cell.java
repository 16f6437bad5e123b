package dev.rookery.protocol.console;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A value as a page shows it: in a table, a list of facts or a head.
 *
 * @param kind {@code text}, {@code code}, {@code time} or {@code badge}
 * @param href where a text leads to; of a time, the time for programs; empty if nowhere
 * @param tone of a badge: {@code good}, {@code warn}, {@code bad} or empty
 */
record Cell(String kind, String text, String href, String tone) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final int TEXT_MAX = 300;

  static Cell text(@Nullable String text) {
    return new Cell("text", text == null ? "" : cut(text), "", "");
  }

  static Cell number(long number) {
    return new Cell("text", String.format(Locale.ENGLISH, "%,d", number), "", "");
  }

  /** An id, a hash or another text for programs. */
  static Cell code(String text) {
    return new Cell("code", cut(text), "", "");
  }

  /** A text that leads to a page of the console. */
  static Cell link(String text, String href) {
    return new Cell("text", cut(text), href, "");
  }

  /** A player, by their name or their number. */
  static Cell player(@Nullable String name, long id) {
    return link(name == null || name.isBlank() ? "Player " + id : name, "/admin/users/" + id);
  }

  static Cell badge(String word, String tone) {
    return new Cell("badge", word, "", tone);
  }

  /** A time; 0 for never. */
  static Cell time(long ms) {
    if (ms == 0) {
      return new Cell("time", "", "", "");
    }
    Instant at = Instant.ofEpochMilli(ms).truncatedTo(ChronoUnit.SECONDS);
    return new Cell("time", TIME.format(at), at.toString(), "");
  }

  static Cell time(@Nullable Long ms) {
    return time(ms == null ? 0L : ms.longValue());
  }

  static Cell yes(boolean yes) {
    return text(yes ? "yes" : "");
  }

  private static String cut(String text) {
    if (text.length() <= TEXT_MAX) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(TEXT_MAX - 1)) ? TEXT_MAX - 1 : TEXT_MAX;
    return text.substring(0, end) + "…";
  }
}
