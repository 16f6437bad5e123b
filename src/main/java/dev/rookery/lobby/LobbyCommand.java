package dev.rookery.lobby;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What players do with lobbies. A player is in at most one; refusals carry the codes named here. An
 * {@code idempotencyKey} makes a repeated command answer what it answered first.
 */
public sealed interface LobbyCommand<R> extends Command<R> {
  String ADDRESS = "lobby";

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * Opens a lobby with the player as host and first member. {@code Conflict("already_in_lobby")}.
   */
  record Open(PlayerId host, Settings settings, @Nullable String idempotencyKey)
      implements LobbyCommand<Lobby> {}

  /**
   * Opens a lobby in which every member decides, and which stays when it is empty. Server code
   * only.
   */
  record OpenHostless(Settings settings) implements LobbyCommand<Lobby> {}

  /**
   * Changes the lobby the player is in. {@code Conflict("not_in_lobby")}, {@code
   * Denied("not_host")}, {@code Conflict("too_small")} when more members are in than the new seats.
   */
  record Change(PlayerId by, Settings settings) implements LobbyCommand<Lobby> {}

  /**
   * In this order: {@code Missing("not_found")}, {@code Conflict("already_in_lobby")} (another
   * lobby; the same one succeeds, changes nothing and says so), {@code Denied("locked")}, {@code
   * Conflict("full")}, {@code Denied("password_required")}, {@code Denied("invalid_password")}.
   */
  record Join(
      LobbyId lobby, PlayerId player, @Nullable String password, @Nullable String idempotencyKey)
      implements LobbyCommand<Entry> {
    public Join(LobbyId lobby, PlayerId player, @Nullable String password) {
      this(lobby, player, password, null);
    }

    @Override
    public String toString() {
      return "Join[lobby=" + lobby + ", player=" + player + "]";
    }
  }

  /** Harmless when in none. A host is followed by the member with the oldest account. */
  record Leave(PlayerId player, @Nullable String idempotencyKey) implements LobbyCommand<Done> {
    public Leave(PlayerId player) {
      this(player, null);
    }
  }

  /**
   * {@code Conflict("not_in_lobby")}, {@code Missing("player_not_found")}, {@code
   * Denied("not_host")}, {@code Denied("cannot_kick_self")}, {@code
   * Conflict("target_not_in_lobby")}.
   */
  record Kick(PlayerId by, PlayerId target) implements LobbyCommand<Done> {}

  /**
   * Joins the oldest open lobby that fits or opens one. {@code Conflict("already_in_lobby")}.
   *
   * @param metadata every entry with a value must be found, as text, in the lobby's metadata
   */
  record QuickJoin(
      PlayerId player,
      @Nullable String title,
      @Nullable Integer seatsMax,
      Map<String, Object> metadata,
      @Nullable String idempotencyKey)
      implements LobbyCommand<Lobby> {}

  /**
   * Asks to follow a lobby. Member if in it; otherwise a spectator, who is counted until {@link
   * Unwatch}. {@code Missing("not_found")}, {@code Denied("must_spectate_own_lobby")}, {@code
   * Denied("not_spectatable")}.
   *
   * @param connection unique for the socket and its channel, given again at the end
   */
  record Watch(LobbyId lobby, PlayerId player, String connection)
      implements LobbyCommand<Admission> {}

  record Unwatch(String connection) implements LobbyCommand<Done> {}

  /**
   * Opens a lobby with teams, the host in the first of them. {@code Conflict("already_in_lobby")}.
   * He leaves it when the node ends that serves this.
   */
  record OpenTeams(PlayerId host, boolean hidden) implements LobbyCommand<Lobby> {}

  /**
   * As {@link Join}, into a team; the smaller one if none is wished for. A lobby that had no teams
   * has them from then on. He leaves it when the node ends that serves this. {@code
   * Denied("private")} into a hidden one without its code.
   */
  record JoinTeam(
      LobbyId lobby,
      PlayerId player,
      @Nullable Integer code,
      @Nullable Team team,
      @Nullable String password)
      implements LobbyCommand<Entry> {
    @Override
    public String toString() {
      return "JoinTeam[lobby=" + lobby + ", player=" + player + "]";
    }
  }

  /**
   * {@code Conflict("not_in_lobby")}.
   *
   * @param lobby in which he was last seen, which saves looking for him; where he is counts. Null
   *     if unknown
   */
  record SetReady(PlayerId player, boolean ready, @Nullable LobbyId lobby)
      implements LobbyCommand<Lobby> {
    public SetReady(PlayerId player, boolean ready) {
      this(player, ready, null);
    }
  }

  /**
   * Fills both teams up with bots. {@code Conflict("not_in_lobby")}, {@code Denied("not_host")}.
   */
  record FillBots(PlayerId by) implements LobbyCommand<Lobby> {}

  /**
   * Has a server allocated for the teams and closes the lobby; who is in it then is in the match.
   * {@code Conflict("not_in_lobby")}, {@code Denied("not_host")}, {@code Conflict("not_ready")},
   * {@code Unavailable("allocation_failed")}, which all leave the lobby as it is.
   *
   * @param lobby as in {@link SetReady}
   */
  record StartMatch(PlayerId by, @Nullable LobbyId lobby) implements LobbyCommand<Match> {
    public StartMatch(PlayerId by) {
      this(by, null);
    }
  }

  /**
   * What a lobby is to be like; a null keeps what is there (or takes the default of a new lobby).
   *
   * <p>Invalid {@code title}, {@code max_users}, {@code password}, {@code metadata}, {@code
   * slowdown}. A blank title of a new lobby is a wish for any.
   *
   * @param password empty clears it
   */
  record Settings(
      @Nullable String title,
      @Nullable Integer seatsMax,
      @Nullable Boolean hidden,
      @Nullable Boolean locked,
      @Nullable String password,
      @Nullable Map<String, Object> metadata,
      @Nullable Integer slowdownSeconds) {
    @Override
    public String toString() {
      return "Settings[title=" + title + ", seatsMax=" + seatsMax + "]";
    }
  }
}
