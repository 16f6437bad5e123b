package dev.rookery.chat;

import dev.rookery.base.PlayerId;
import dev.rookery.chat.Conversation.Kind;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A rule of the filter of messages.
 *
 * @param pattern see {@link WordPattern} and {@link ExpressionPattern}
 * @param kinds the conversations that it is for; empty for all
 * @param admin who changed it last
 * @param updatedMs also its revision
 */
public record FilterRule(
    long id,
    String pattern,
    Action action,
    Set<Kind> kinds,
    PlayerId admin,
    long createdMs,
    long updatedMs) {
  public FilterRule {
    kinds = Set.copyOf(kinds);
  }

  /** What happens with a message that has the pattern. */
  public enum Action {
    /** The message is not sent. */
    REFUSE,
    /** The words are replaced by asterisks. */
    MASK,
    /** The message is sent, and shown to moderators in the queue. */
    FLAG;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the action of {@link #text}; empty if there is none. */
    public static Optional<Action> of(String text) {
      return Arrays.stream(values()).filter(action -> action.text().equals(text)).findFirst();
    }
  }

  boolean isFor(Kind kind) {
    return kinds.isEmpty() || kinds.contains(kind);
  }
}
