package dev.rookery.lobby;

import dev.rookery.allocation.GameServer;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.store.AppendResult;
import org.jspecify.annotations.Nullable;

/**
 * What a player does with a lobby where nothing is in the way, which is the usual case. It shares
 * its statements with what others do at the same time; see {@link Batch}.
 */
sealed interface Batched {
  PlayerId player();

  /**
   * @param code with teams, the host in the first of them, and he is in it only as long as his
   *     socket; without, null
   */
  record Opening(
      PlayerId player, Draft draft, @Nullable String passwordHash, @Nullable Integer code)
      implements Batched {
    @Override
    public String toString() {
      return "Opening[player=" + player + "]";
    }
  }

  /** Into a lobby that wants no password. */
  record Arrival(PlayerId player, LobbyId lobby, @Nullable Wish wish) implements Batched {}

  /**
   * What goes with an arrival into a lobby with teams, where the player is only as long as his
   * socket.
   *
   * @param code opens a hidden lobby
   * @param team the smaller one if null
   */
  record Wish(@Nullable Integer code, @Nullable Team team) {}

  /**
   * In a lobby with teams.
   *
   * @param lobby in which he was last seen; looked up if null
   */
  record Readiness(PlayerId player, @Nullable LobbyId lobby, boolean ready) implements Batched {}

  /** Out of whatever lobby he is in. */
  record Departure(PlayerId player) implements Batched {}

  /** By the host of a lobby with teams, for whom a server was allocated. */
  record Start(PlayerId player, LobbyId lobby, String match, GameServer server)
      implements Batched {}

  /**
   * @param lobby as it is now, or was when its match began; null who left, or was in none
   * @param match that began, if any
   * @param told where the lobby's stream tells of his coming, if he came
   */
  record Outcome(@Nullable Lobby lobby, @Nullable Match match, @Nullable AppendResult told) {
    static final Outcome OUT = new Outcome(null, null, null);

    static Outcome in(Lobby lobby) {
      return new Outcome(lobby, null, null);
    }

    static Outcome came(Lobby lobby, AppendResult told) {
      return new Outcome(lobby, null, told);
    }
  }
}
