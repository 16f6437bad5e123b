package dev.rookery.lobby;

import dev.rookery.base.LobbyId;
import dev.rookery.base.Page;
import dev.rookery.bus.Command;
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
