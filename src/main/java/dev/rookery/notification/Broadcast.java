package dev.rookery.notification;

import dev.rookery.base.PlayerId;
import java.util.Locale;
import java.util.Map;

/**
 * A notification of an admin to many players.
 *
 * @param sender in whose name it is sent
 * @param variants title and content by language, for players who have chosen it
 * @param counts how far it is
 * @param startsMs when it begins
 * @param endedMs 0 while it is open
 */
public record Broadcast(
    long id,
    PlayerId admin,
    PlayerId sender,
    Audience audience,
    String title,
    String content,
    Map<String, Object> metadata,
    Map<String, Variant> variants,
    State state,
    Counts counts,
    long startsMs,
    long createdMs,
    long endedMs) {
  /** Title and content in a language. */
  public record Variant(String title, String content) {}

  /**
   * How many players are expected, have been reached, and have got it. Those who have switched
   * announcements off are reached and get nothing.
   */
  public record Counts(long total, long reached, long delivered) {}

  /** To whom it is sent. */
  public enum Audience {
    /** All players who exist when it is written. */
    ALL,
    /** Players who are online when their turn comes. */
    ONLINE,
    /** Players who are named. */
    PLAYERS;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Audience of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  /** How it stands. */
  public enum State {
    /** It waits for its time, or is being sent. */
    OPEN,
    DONE,
    /** By an admin; those who got it keep it. */
    CANCELLED,
    /**
     * By the server: the sender was deleted, the admin was banned or lost the permission, or the
     * access key that created it ended.
     */
    STOPPED;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static State of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  /** Returns title and content for a player with that language. */
  Variant variant(String language) {
    Variant exact = variants.get(language);
    int region = language.indexOf('-');
    Variant own = exact != null || region < 0 ? exact : variants.get(language.substring(0, region));
    return own == null ? new Variant(title, content) : own;
  }
}
