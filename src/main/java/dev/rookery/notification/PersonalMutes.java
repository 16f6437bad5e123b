package dev.rookery.notification;

import dev.rookery.base.PlayerId;
import dev.rookery.notification.PersonalMute.Kind;
import dev.rookery.notification.PersonalMute.Subject;
import dev.rookery.player.Export;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.Transaction;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What players have muted for themselves, in the transactions of other domains. It costs no
 * statement where nobody has muted anything: the parts of SQL here are for statements that are sent
 * anyway.
 */
public final class PersonalMutes {
  /** How many players and conversations a player can mute. */
  public static final int MUTES_MAX = 200;

  public static final int REMOVED_MAX = 1_000;

  private final PersonalMuteStore store = new PersonalMuteStore();

  /**
   * Returns an SQL expression that is 1 if a player has muted anything, else 0.
   *
   * @param player the expression of the player's id
   */
  public static String existsFor(String player) {
    return """
    CASE WHEN EXISTS (SELECT 1 FROM personal_mute WHERE personal_mute.player_id = %s)
      THEN 1 ELSE 0 END\
    """
        .formatted(player);
  }

  /**
   * Returns an SQL condition that a player has muted something.
   *
   * @param player the expression of the player's id
   * @param ref the expression of the id of what is muted
   * @param now the expression of the time
   * @param kinds one of which it is muted as
   */
  public static String isMuted(String player, String ref, String now, Kind... kinds) {
    return """
    EXISTS (SELECT 1 FROM personal_mute
      WHERE personal_mute.player_id = %s AND personal_mute.kind IN (%s)
        AND personal_mute.ref = %s AND personal_mute.until_ms > %s)\
    """
        .formatted(
            player,
            Arrays.stream(kinds)
                .map(kind -> "'" + kind.text() + "'")
                .collect(Collectors.joining(", ")),
            ref,
            now);
  }

  /**
   * Returns an SQL query for the ids of the players whom a player has muted.
   *
   * @param player the expression of the player's id
   * @param now the expression of the time
   */
  public static String mutedPlayers(String player, String now) {
    return """
    SELECT personal_mute.ref FROM personal_mute
    WHERE personal_mute.player_id = %s AND personal_mute.kind = '%s'
      AND personal_mute.until_ms > %s\
    """
        .formatted(player, Kind.PLAYER.text(), now);
  }

  /** What those of at most {@link Placeholders#MANY_MAX} players have muted who have. */
  public Map<PlayerId, Set<Subject>> among(Transaction tx, Collection<PlayerId> players) {
    return store.among(tx, players);
  }

  /** In place of an earlier mute of the same. */
  public void put(Transaction tx, PlayerId player, Subject subject, long untilMs) {
    store.put(tx, player, subject, untilMs);
  }

  /** Counts mutes of the player, without that of a subject. */
  public long countOthers(Reader reader, PlayerId player, Subject subject) {
    return store.countOthers(reader, player, subject);
  }

  /** False if it was not muted. */
  public boolean remove(Transaction tx, PlayerId player, Subject subject) {
    return store.remove(tx, player, subject);
  }

  /** All of a player that have not ended, the latest first. */
  public List<PersonalMute> list(Reader reader, PlayerId player, long nowMs) {
    return store.list(reader, player, nowMs);
  }

  /** Removes those of a player that have ended. */
  public void removeEnded(Transaction tx, PlayerId player) {
    store.removeEnded(tx, player);
  }

  /** Removes some that have ended; returns how many, {@link #REMOVED_MAX} if there may be more. */
  public int removeEnded(Transaction tx) {
    return store.removeEnded(tx);
  }

  public Export.Part export(Reader reader, Export asked) {
    return store.export(reader, asked);
  }
}
