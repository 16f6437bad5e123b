package dev.rookery.lobby;

import dev.rookery.base.LobbyId;
import dev.rookery.player.Player;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a lobby is to be like, complete and within the rules. */
record Draft(
    String title,
    int seatsMax,
    boolean hidden,
    boolean locked,
    Map<String, Object> metadata,
    int slowdownSeconds) {
  private static final int SEATS_USUAL = 8;

  /** A new lobby, as it is where nothing else was asked for. */
  static Draft fresh(String title) {
    return new Draft(title, SEATS_USUAL, false, false, Map.of(), 0);
  }

  /** A new lobby with teams. */
  static Draft team(String title, int seatsMax, boolean hidden) {
    return new Draft(title, seatsMax, hidden, false, Map.of(), 0);
  }

  static Draft of(Lobby lobby) {
    return new Draft(
        lobby.title(),
        lobby.seatsMax(),
        lobby.hidden(),
        lobby.locked(),
        lobby.metadata(),
        lobby.slowdownSeconds());
  }

  Draft with(LobbyCommand.Settings settings) {
    String wanted = settings.title();
    return new Draft(
        wanted == null || wanted.isBlank() ? title : wanted,
        Objects.requireNonNullElse(settings.seatsMax(), seatsMax),
        Objects.requireNonNullElse(settings.hidden(), hidden),
        Objects.requireNonNullElse(settings.locked(), locked),
        Objects.requireNonNullElse(settings.metadata(), metadata),
        Objects.requireNonNullElse(settings.slowdownSeconds(), slowdownSeconds));
  }

  /**
   * A lobby that was just opened like this.
   *
   * @param host its only member; null for a lobby without one
   * @param code with teams, else null
   */
  Lobby opened(
      LobbyId id,
      @Nullable Player host,
      boolean passworded,
      @Nullable Integer code,
      @Nullable Roster roster) {
    return new Lobby(
        id,
        title,
        host == null ? null : host.id(),
        host == null ? "" : host.displayName(),
        host == null,
        seatsMax,
        hidden,
        locked,
        passworded,
        metadata,
        slowdownSeconds,
        host == null ? 0 : 1,
        1,
        code,
        roster);
  }
}
