package dev.rookery.lobby;

import dev.rookery.base.LobbyId;
import dev.rookery.base.Page;
import dev.rookery.base.Position;
import dev.rookery.bus.Command;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be read of lobbies without changing them. */
public sealed interface LobbyQuery<R> extends Command<R> {
  String ADDRESS = "lobby/query";

  @Override
  default String address() {
    return ADDRESS;
  }

  /** {@code Missing("lobby_not_found")} also when hidden. */
  record Show(LobbyId lobby) implements LobbyQuery<LobbySnapshot> {}

  /** Lobbies that are not hidden, oldest first. */
  record ListOpen(Filter filter, Page.Request page) implements LobbyQuery<Page<Lobby>> {}

  /** By its id or else its code, hidden or not. {@code Missing("lobby_not_found")}. */
  record Find(@Nullable LobbyId lobby, @Nullable Integer code) implements LobbyQuery<Sighting> {}

  /**
   * The newest lobbies that are not hidden, at most so many and {@link #TEAMS_MAX}, oldest first.
   * All of them have teams and codes, if they had not before.
   */
  record ListTeams(int max) implements LobbyQuery<List<Lobby>> {}

  int TEAMS_MAX = 100;

  /** A lobby, and a place of its stream that is not after what it looked like then. */
  record Sighting(Lobby lobby, Position position) {}

  /** Whoever is null does not filter. Bounds on seats include their ends. */
  record Filter(
      @Nullable String titlePrefix,
      @Nullable Boolean passworded,
      @Nullable Boolean locked,
      @Nullable Integer seatsAtLeast,
      @Nullable Integer seatsAtMost,
      @Nullable String metadataKey,
      @Nullable String metadataValue) {}
}
