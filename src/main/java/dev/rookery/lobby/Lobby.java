package dev.rookery.lobby;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.player.Player;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A lobby as everybody may see it; the password's hash stays in the store.
 *
 * @param host null when hostless or, for a moment, when nobody is left
 * @param hostName empty if none
 * @param slowdownSeconds how long a member waits between two chat messages; 0 for not at all
 * @param members how many are in it; bots do not count
 * @param code of six digits, to join by; null as long as the lobby has no teams
 * @param roster null if it has no teams
 */
public record Lobby(
    LobbyId id,
    String title,
    @Nullable PlayerId host,
    String hostName,
    boolean hostless,
    int seatsMax,
    boolean hidden,
    boolean locked,
    boolean passworded,
    Map<String, Object> metadata,
    int slowdownSeconds,
    int members,
    long revision,
    @Nullable Integer code,
    @Nullable Roster roster) {
  /** Without teams. */
  public Lobby(
      LobbyId id,
      String title,
      @Nullable PlayerId host,
      String hostName,
      boolean hostless,
      int seatsMax,
      boolean hidden,
      boolean locked,
      boolean passworded,
      Map<String, Object> metadata,
      int slowdownSeconds,
      int members,
      long revision) {
    this(
        id,
        title,
        host,
        hostName,
        hostless,
        seatsMax,
        hidden,
        locked,
        passworded,
        metadata,
        slowdownSeconds,
        members,
        revision,
        null,
        null);
  }

  /** Its next revision, with that many members, that head and those teams. */
  Lobby next(int count, @Nullable PlayerId head, String headName, @Nullable Roster teams) {
    return with(head, headName, count, revision + 1, teams);
  }

  /** The same with a host. */
  Lobby headed(Player heir) {
    return with(heir.id(), heir.displayName(), members, revision, roster);
  }

  private Lobby with(
      @Nullable PlayerId head, String headName, int count, long number, @Nullable Roster teams) {
    return new Lobby(
        id,
        title,
        head,
        headName,
        hostless,
        seatsMax,
        hidden,
        locked,
        passworded,
        metadata,
        slowdownSeconds,
        count,
        number,
        code,
        teams);
  }
}
