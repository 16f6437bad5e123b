package dev.rookery.leaderboard;

import dev.rookery.base.BoardId;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a client names a board by: an id, or a slug, which means its current season. Digits alone
 * are an id, unless there is none with that id and a slug that reads the same; any other text is a
 * slug, or the id that it starts with if there is no such slug.
 *
 * @param text as in the path
 */
public record BoardRef(String text) {
  private static final Pattern LEADING_DIGITS = Pattern.compile("([0-9]{1,18})(.*)");

  public static BoardRef of(BoardId id) {
    return new BoardRef(id.toString());
  }

  /** The id that the text starts with; null if it starts with no digit. */
  @Nullable BoardId id() {
    var digits = LEADING_DIGITS.matcher(text);
    return digits.matches() ? new BoardId(Long.parseLong(digits.group(1))) : null;
  }

  /** Whether the text is an id and nothing else. */
  boolean isId() {
    var digits = LEADING_DIGITS.matcher(text);
    return digits.matches() && digits.group(2).isEmpty();
  }
}
