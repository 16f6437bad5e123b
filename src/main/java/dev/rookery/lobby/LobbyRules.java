package dev.rookery.lobby;

import dev.rookery.base.FieldErrors;
import dev.rookery.base.Limits;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.lobby.LobbyCommand.Settings;
import dev.rookery.player.PlayerSummary;
import io.vertx.core.json.Json;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is allowed in and around a lobby. Plain values in, silence or a refusal out; the order of
 * the checks is part of the contract with clients.
 */
final class LobbyRules {
  static final int SLOWDOWN_SECONDS_MAX = 3_600;

  private final Limits limits;

  LobbyRules(Limits limits) {
    this.limits = limits;
  }

  /** What is wrong with the settings of a new lobby. A blank title asks for a default one. */
  FieldErrors errorsOpening(Settings settings) {
    String title = settings.title();
    String given = title == null || title.isBlank() ? null : title;
    return rest(new FieldErrors().visibleLine("title", given, limits.lobbyTitleMax()), settings);
  }

  /** What is wrong with new settings of a lobby that exists. */
  FieldErrors errorsChanging(Settings settings) {
    return rest(
        new FieldErrors().visibleLine("title", settings.title(), limits.lobbyTitleMax()), settings);
  }

  private FieldErrors rest(FieldErrors errors, Settings settings) {
    return errors
        .number("max_users", settings.seatsMax(), 1, limits.lobbySeatsMax())
        .text("password", settings.password(), 0, limits.lobbyPasswordMax())
        .object("metadata", settings.metadata(), limits.metadataBytesMax())
        .number("slowdown", settings.slowdownSeconds(), 0, SLOWDOWN_SECONDS_MAX);
  }

  static boolean isIn(Lobby lobby, PlayerSummary player) {
    return lobby.id().equals(player.lobby());
  }

  static void mustBeInNone(PlayerSummary player) {
    if (player.lobby() != null) {
      throw Refused.conflict("already_in_lobby");
    }
  }

  /** Whether a player who is not in the lobby may join it; its password is checked after this. */
  static void mayJoin(Lobby lobby, PlayerSummary player) {
    mustBeInNone(player);
    if (lobby.locked()) {
      throw Refused.denied("locked");
    }
    if (isFull(lobby)) {
      throw Refused.conflict("full");
    }
  }

  /** As {@link #mayJoin}, for a party; whether there is room is checked after the password. */
  static void mayJoin(Lobby lobby, EnteringParty party, Instant now) {
    if (lobby.locked()) {
      throw Refused.denied("locked");
    }
    party.mustBeInNoLobby();
    party.mustBeActive(now);
  }

  /**
   * Whether the password was checked that the lobby has now.
   *
   * @param hash of the lobby's password, null if it has none
   * @param checked the hash that the player's password was found to match, null if none was
   */
  static boolean isOpenedBy(
      @Nullable String hash, @Nullable String password, @Nullable String checked) {
    if (hash != null && (password == null || password.isEmpty())) {
      throw Refused.denied("password_required");
    }
    return hash == null || hash.equals(checked);
  }

  /** Whether a quick join for that many seats (null for any) may end here. */
  static boolean isJoinable(Lobby lobby, @Nullable Integer seats) {
    return !lobby.hidden()
        && !lobby.locked()
        && !lobby.passworded()
        && !isFull(lobby)
        && (seats == null || seats == lobby.seatsMax());
  }

  private static boolean isFull(Lobby lobby) {
    return lobby.members() >= lobby.seatsMax();
  }

  /** A hidden lobby is found by its code alone. */
  static void mayFind(Lobby lobby, @Nullable Integer code) {
    if (lobby.hidden() && (code == null || !code.equals(lobby.code()))) {
      throw Refused.denied("private");
    }
  }

  /**
   * Whether a player on a wire without teams knows the code of a lobby that is entered by it.
   * Clients that know of no codes send it as the password. Without it there is no such lobby: ids
   * ascend, so a refusal of another kind would tell strangers of it.
   */
  static void mustKnowCode(Lobby lobby, @Nullable Integer code, @Nullable String password) {
    boolean known =
        code == null ? String.valueOf(lobby.code()).equals(password) : code.equals(lobby.code());
    if (!known) {
      throw Refused.missing("not_found");
    }
  }

  /** The host decides over a lobby; without one, every member does. */
  static void mayDecide(Lobby lobby, PlayerSummary by) {
    if (!isIn(lobby, by)) {
      throw Refused.conflict("not_in_lobby");
    }
    if (!lobby.hostless()) {
      mustBeHost(lobby, by.id());
    }
  }

  static void mustBeHost(Lobby lobby, PlayerId by) {
    if (!by.equals(lobby.host())) {
      throw Refused.denied("not_host");
    }
  }

  static void mayKick(Lobby lobby, PlayerSummary by, PlayerSummary target) {
    mayDecide(lobby, by);
    if (by.id().equals(target.id())) {
      throw Refused.denied("cannot_kick_self");
    }
    if (!isIn(lobby, target)) {
      throw Refused.conflict("target_not_in_lobby");
    }
  }

  /** There must be a seat for every member. */
  static void mayResize(Lobby lobby, Settings settings) {
    Integer seats = settings.seatsMax();
    if (seats != null && seats < lobby.members()) {
      throw Refused.conflict("too_small");
    }
  }

  /** Whether a lobby that a member has left ends. */
  static boolean isOver(Lobby lobby) {
    return !lobby.hostless() && lobby.members() == 0;
  }

  /** Whether a lobby that a member has left goes on and needs a new host. */
  static boolean needsHost(Lobby lobby) {
    return !lobby.hostless() && lobby.members() > 0 && lobby.host() == null;
  }

  /** Whether every wanted entry with a value is found in the metadata, as part of its text. */
  static boolean fits(Map<String, Object> metadata, Map<String, Object> wanted) {
    for (Map.Entry<String, Object> entry : wanted.entrySet()) {
      @Nullable Object value = entry.getValue();
      @Nullable Object found = metadata.get(entry.getKey());
      if (value != null && (found == null || !text(found).contains(text(value)))) {
        return false;
      }
    }
    return true;
  }

  private static String text(Object value) {
    return value instanceof String text ? text : Json.encode(value);
  }
}
