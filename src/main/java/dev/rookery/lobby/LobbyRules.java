package dev.rookery.lobby;

import dev.rookery.base.FieldErrors;
import dev.rookery.base.Limits;
import dev.rookery.base.Refused;
import dev.rookery.lobby.LobbyCommand.Settings;
import dev.rookery.player.Player;
import io.vertx.core.json.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is allowed in and around a lobby. Plain values in, silence or a refusal out; the order of
 * the checks is part of what clients were promised.
 */
final class LobbyRules {
  static final int SLOWDOWN_SECONDS_MAX = 3_600;

  private final Limits limits;

  LobbyRules(Limits limits) {
    this.limits = limits;
  }

  /** What is wrong with the values of a lobby to be opened. A blank title is a wish for any. */
  FieldErrors errorsOpening(Settings settings) {
    String title = settings.title();
    var errors = new FieldErrors();
    if (title != null && !title.isBlank()) {
      errors.text("title", title, 1, limits.lobbyTitleMax());
    }
    return rest(errors, settings);
  }

  /** What is wrong with the values for a lobby that exists. */
  FieldErrors errorsChanging(Settings settings) {
    String title = settings.title();
    var errors = new FieldErrors();
    if (title != null && title.isBlank()) {
      errors.add("title", "can't be blank");
    } else {
      errors.text("title", title, 1, limits.lobbyTitleMax());
    }
    return rest(errors, settings);
  }

  private FieldErrors rest(FieldErrors errors, Settings settings) {
    return errors
        .number("max_users", settings.seatsMax(), 1, limits.lobbySeatsMax())
        .text("password", settings.password(), 0, limits.lobbyPasswordMax())
        .object("metadata", settings.metadata(), limits.metadataBytesMax())
        .number("slowdown", settings.slowdownSeconds(), 0, SLOWDOWN_SECONDS_MAX);
  }

  static boolean isIn(Lobby lobby, Player player) {
    return lobby.id().equals(player.lobby());
  }

  /**
   * Whether the door is open to a player who is not in the lobby; its password comes after this.
   */
  static void mayEnter(Lobby lobby, Player player) {
    if (player.lobby() != null) {
      throw Refused.conflict("already_in_lobby");
    }
    if (lobby.locked()) {
      throw Refused.denied("locked");
    }
    if (lobby.members() >= lobby.seatsMax()) {
      throw Refused.conflict("full");
    }
  }

  /** Whether anybody who is in no lobby may come in, just as he is. */
  static boolean isOpen(Lobby lobby) {
    return !lobby.locked() && !lobby.passworded() && lobby.members() < lobby.seatsMax();
  }

  /** Whether a player who knows that code, or none, may know of the lobby. */
  static boolean mayFind(Lobby lobby, @Nullable Integer code) {
    return !lobby.hidden() || (code != null && code.equals(lobby.code()));
  }

  /** The host decides over a lobby; without one, every member does. */
  static void mayDecide(Lobby lobby, Player by) {
    if (!isIn(lobby, by)) {
      throw Refused.conflict("not_in_lobby");
    }
    if (!lobby.hostless() && !by.id().equals(lobby.host())) {
      throw Refused.denied("not_host");
    }
  }

  static void mayKick(Lobby lobby, Player by, Player target) {
    mayDecide(lobby, by);
    if (by.id().equals(target.id())) {
      throw Refused.denied("cannot_kick_self");
    }
    if (!isIn(lobby, target)) {
      throw Refused.conflict("target_not_in_lobby");
    }
  }

  static void maySeat(Lobby lobby, Settings settings) {
    Integer seats = settings.seatsMax();
    if (seats != null && seats < lobby.members()) {
      throw Refused.conflict("too_small");
    }
  }

  /** Whether every wish with a value is found in the metadata, as part of its text. */
  static boolean fits(Map<String, Object> metadata, Map<String, Object> wishes) {
    for (Map.Entry<String, Object> wish : wishes.entrySet()) {
      @Nullable Object wanted = wish.getValue();
      @Nullable Object found = metadata.get(wish.getKey());
      if (wanted != null && (found == null || !text(found).contains(text(wanted)))) {
        return false;
      }
    }
    return true;
  }

  private static String text(Object value) {
    return value instanceof String text ? text : Json.encode(value);
  }
}
