package dev.rookery.notification;

import java.util.Locale;

/**
 * A player or a conversation of which a player does not want to be notified. Nobody else is told.
 *
 * @param name of the player who is muted, or with whom the conversation is; the title of a group or
 *     lobby; empty for others
 * @param untilMs {@link #FOR_EVER} if it has no end
 */
public record PersonalMute(Subject subject, String name, long untilMs, long createdMs) {
  public static final long FOR_EVER = MutedSenders.FOR_EVER;

  /** The same mute, of something with that name. */
  public PersonalMute withName(String given) {
    return new PersonalMute(subject, given, untilMs, createdMs);
  }

  /** What is muted. */
  public enum Kind {
    /** What the player writes anywhere. */
    PLAYER,
    /** The direct messages of a player. */
    DIRECT,
    GROUP,
    PARTY,
    LOBBY;

    /** What rows have; for a conversation, what rows of messages have too. */
    String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Kind of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * A player or a conversation.
   *
   * @param id of the player, group, party or lobby
   */
  public record Subject(Kind kind, long id) {
    /** Whether it is about a player. */
    public boolean isPlayer() {
      return kind == Kind.PLAYER || kind == Kind.DIRECT;
    }
  }
}
