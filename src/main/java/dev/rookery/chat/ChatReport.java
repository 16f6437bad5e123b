package dev.rookery.chat;

import dev.rookery.base.PlayerId;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What a player has reported.
 *
 * @param text what the player wrote about it; may be empty
 */
public record ChatReport(PlayerId reporter, Reason reason, String text, long createdMs) {
  /** Why something is reported. */
  public enum Reason {
    SPAM,
    HARASSMENT,
    HATE,
    THREAT,
    SEXUAL,
    CHEATING,
    OTHER;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the reason of {@link #text}; empty if there is none. */
    public static Optional<Reason> of(String text) {
      return Arrays.stream(values()).filter(reason -> reason.text().equals(text)).findFirst();
    }
  }
}
