package dev.rookery.chat;

import dev.rookery.base.MessageId;
import dev.rookery.base.PlayerId;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A message or a player that admins should look at, with all reports of it.
 *
 * @param player who is reported
 * @param message null if the player is reported and no message
 * @param conversation of the message; null if there is none
 * @param content the text of the message when it was reported first
 * @param reports how many players have reported it
 * @param rule the rule of the filter that flagged it last; empty if none did
 * @param decision null while it is open
 * @param decidedBy null while it is open
 */
public record ChatCase(
    long id,
    PlayerId player,
    String playerName,
    @Nullable MessageId message,
    @Nullable Conversation conversation,
    String content,
    long reports,
    String rule,
    @Nullable Decision decision,
    @Nullable PlayerId decidedBy,
    long createdMs,
    long changedMs) {
  /** What an admin has decided. */
  public enum Decision {
    /** There is nothing to do. */
    DISMISS,
    /** The message is deleted. */
    DELETE,
    /** The player is muted. */
    MUTE;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Decision of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  public boolean isOpen() {
    return decision == null;
  }

  /**
   * A case with what an admin needs to decide.
   *
   * @param reports the first 100
   * @param context the messages around the reported one, in their order; without a message, none
   * @param mute of the player; null if they are not muted
   * @param others the latest 20 other cases of the player
   */
  public record Details(
      ChatCase found,
      List<ChatReport> reports,
      List<ChatMessage> context,
      @Nullable ChatMute mute,
      List<ChatCase> others) {}
}
