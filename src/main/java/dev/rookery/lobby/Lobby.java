package dev.rookery.lobby;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.lobby.LobbyCommand.Settings;
import dev.rookery.player.PlayerSummary;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A lobby as everybody may see it; the hash of its password stays in the store. Its methods give
 * the lobby as it is after a change, with the next revision; whether the change is allowed is for
 * {@link LobbyRules}.
 *
 * @param host null in a hostless lobby
 * @param hostName empty if none
 * @param slowdownSeconds how long a member waits between two chat messages; 0 for not at all
 * @param members how many players are in it; bots do not count
 * @param code six digits to join by; null as long as the lobby has no teams
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
  private static final int DEFAULT_SEATS = 8;

  // Of a lobby that has no row yet.
  private static final LobbyId NONE = new LobbyId(0);

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

  /** A new lobby without a row, members or a host, with the defaults of all settings. */
  static Lobby create(String title) {
    return new Lobby(
        NONE, title, null, "", true, DEFAULT_SEATS, false, false, false, Map.of(), 0, 0, 1);
  }

  /** A new lobby with its host as the only member. */
  Lobby hostedBy(PlayerSummary player) {
    return with(player.id(), player.displayName(), false, 1, revision, code, roster);
  }

  /** A new lobby with its host in the first team. */
  Lobby teamsOf(PlayerSummary player, int newCode) {
    Roster first = RosterRules.with(Roster.EMPTY, player, Roster.Team.A);
    return with(player.id(), player.displayName(), false, 1, revision, newCode, first);
  }

  /**
   * The same lobby now that it has a row.
   *
   * @param newTitle differs with the code, and that if the one it had was taken
   */
  Lobby stored(LobbyId newId, String newTitle, @Nullable Integer newCode) {
    return new Lobby(
        newId,
        newTitle,
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
        newCode,
        roster);
  }

  /** A null keeps what is there; so does a blank title. Does not count as a change by itself. */
  Lobby with(Settings settings) {
    String wanted = settings.title();
    String password = settings.password();
    return new Lobby(
        id,
        wanted == null || wanted.isBlank() ? title : wanted,
        host,
        hostName,
        hostless,
        Objects.requireNonNullElse(settings.seatsMax(), seatsMax),
        Objects.requireNonNullElse(settings.hidden(), hidden),
        Objects.requireNonNullElse(settings.locked(), locked),
        password == null ? passworded : !password.isEmpty(),
        Objects.requireNonNullElse(settings.metadata(), metadata),
        Objects.requireNonNullElse(settings.slowdownSeconds(), slowdownSeconds),
        members,
        revision,
        code,
        roster);
  }

  /** A new lobby with room for so many. */
  Lobby withSeats(int seats) {
    return with(new Settings(null, seats, null, null, null, null, null));
  }

  Lobby next() {
    return with(host, hostName, hostless, members, revision + 1, code, roster);
  }

  /**
   * With one more member.
   *
   * @param wanted the team asked for; null for the smaller one
   */
  Lobby joinedBy(PlayerSummary player, Roster.@Nullable Team wanted) {
    Roster more = roster == null ? null : RosterRules.with(roster, player, wanted);
    return with(host, hostName, hostless, members + 1, revision + 1, code, more);
  }

  /** Without a member; without a host if that was the member. */
  Lobby leftBy(PlayerId player) {
    boolean wasHost = player.equals(host);
    return with(
        wasHost ? null : host,
        wasHost ? "" : hostName,
        hostless,
        members - 1,
        revision + 1,
        code,
        roster == null ? null : RosterRules.without(roster, player));
  }

  /** As a part of the change before. */
  Lobby headedBy(PlayerSummary newHost) {
    return with(newHost.id(), newHost.displayName(), hostless, members, revision, code, roster);
  }

  /** Given teams for the first time, as a part of a later change. */
  Lobby givenTeams(Roster teams, int newCode) {
    return with(host, hostName, hostless, members, revision, newCode, teams);
  }

  Lobby with(Roster teams) {
    return with(host, hostName, hostless, members, revision + 1, code, teams);
  }

  /** Without anybody in it. */
  Lobby emptied() {
    return with(null, "", hostless, 0, revision + 1, code, roster);
  }

  private Lobby with(
      @Nullable PlayerId newHost,
      String newHostName,
      boolean withoutHost,
      int count,
      long number,
      @Nullable Integer newCode,
      @Nullable Roster teams) {
    return new Lobby(
        id,
        title,
        newHost,
        newHostName,
        withoutHost,
        seatsMax,
        hidden,
        locked,
        passworded,
        metadata,
        slowdownSeconds,
        count,
        number,
        newCode,
        teams);
  }
}
