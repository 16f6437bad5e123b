package dev.rookery.lobby;

import dev.rookery.allocation.Match;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import dev.rookery.lobby.LobbyQuery.LobbySnapshot;
import dev.rookery.lobby.LobbyQuery.WatchedLobby;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Commands that change lobbies. A player is in at most one lobby; refusals carry the codes named
 * here. A command that is repeated with its {@code idempotencyKey} is answered as it was at first,
 * and not carried out again. Commands of one player are carried out in the order of their arrival
 * at a node. {@code Unavailable("lobby_busy")} if a command lost too many races against others.
 */
public sealed interface LobbyCommand<R> extends Command<R> {
  String ADDRESS = "lobby";

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * Opens a lobby with the player as host and first member. {@code Conflict("already_in_lobby")}.
   * The leader of a party brings it, as in {@link OpenWithParty}; another member of a party is
   * {@code Denied("in_party")}.
   */
  record Open(PlayerId host, Settings settings, @Nullable String idempotencyKey)
      implements LobbyCommand<Lobby> {}

  /**
   * Opens a lobby with the leader of a party as host, and all of the party in it, or nobody. In
   * this order: {@code Conflict("not_in_party")}, {@code Denied("not_leader")}, {@code Conflict}:
   * {@code member_in_lobby}, {@code members_offline} (a member was not seen for five minutes),
   * {@code Denied("lobby_too_small_for_party")}.
   */
  record OpenWithParty(PlayerId leader, Settings settings, @Nullable String idempotencyKey)
      implements LobbyCommand<Lobby> {}

  /**
   * The leader of a party joins with all of it, or nobody does. {@code Conflict("not_in_party")},
   * {@code Denied("not_leader")}; then as {@link Join}, except {@code Conflict("member_in_lobby")},
   * {@code Conflict("members_offline")} and at the end {@code Denied("not_enough_space")}.
   */
  record JoinWithParty(
      LobbyId lobby,
      PlayerId leader,
      @Nullable String password,
      @Nullable Integer code,
      @Nullable String clientAddress,
      @Nullable String idempotencyKey)
      implements LobbyCommand<Lobby> {
    @Override
    public String toString() {
      return "JoinWithParty[lobby=" + lobby + ", leader=" + leader + "]";
    }
  }

  /**
   * Opens a lobby in which every member decides, and which stays when it is empty. For server code
   * and admins only.
   *
   * @param admin whose key it is; null for the server
   * @param idempotencyKey 1 to 200 characters of the admin's choice, or null
   */
  record OpenHostless(Settings settings, @Nullable PlayerId admin, @Nullable String idempotencyKey)
      implements LobbyCommand<Lobby> {
    public OpenHostless(Settings settings) {
      this(settings, null, null);
    }
  }

  /**
   * Changes the lobby the player is in. {@code Conflict("not_in_lobby")}, {@code
   * Denied("not_host")}, {@code Conflict("too_small")} when more members are in than the new seats.
   */
  record Change(PlayerId by, Settings settings) implements LobbyCommand<Lobby> {}

  /**
   * Changes a lobby for an admin. {@code Missing("not_found")}, {@code Conflict("too_small")} as in
   * {@link Change}.
   *
   * @param revision that the admin has read: {@code Conflict("revision_conflict")} if the lobby has
   *     another one; null to change it whatever was read
   */
  record ChangeAny(LobbyId lobby, Settings settings, @Nullable Long revision)
      implements LobbyCommand<WatchedLobby> {}

  /** Closes a lobby for an admin, and takes out its members. {@code Missing("not_found")}. */
  record Close(LobbyId lobby) implements LobbyCommand<Done> {}

  /**
   * In this order: {@code Missing("not_found")}, {@code Conflict("already_in_lobby")} (another
   * lobby; the same one succeeds, changes nothing and says so), {@code Denied("locked")}, {@code
   * Conflict("full")}, {@code Denied("password_required")}, {@code Denied("invalid_password")}.
   *
   * <p>The leader of a party brings it, as in {@link JoinWithParty}; another member of a party is
   * {@code Denied("in_party")} before all other refusals.
   *
   * <p>A hidden lobby is joined by its id, but one that was opened hidden with teams needs its
   * code, and is {@code Missing("not_found")} before all other refusals without it. {@code
   * Limited("too_many_attempts")} as in {@link LobbyQuery.FindByCode}, if a code or password is
   * given.
   *
   * @param code null if unknown; the password may hold it instead
   * @param clientAddress its address or network; null if unknown, then only the player's entries
   *     are counted
   */
  record Join(
      LobbyId lobby,
      PlayerId player,
      @Nullable String password,
      @Nullable Integer code,
      @Nullable String clientAddress,
      @Nullable String idempotencyKey)
      implements LobbyCommand<JoinResult> {
    public Join(LobbyId lobby, PlayerId player, @Nullable String password) {
      this(lobby, player, password, null);
    }

    public Join(
        LobbyId lobby,
        PlayerId player,
        @Nullable String password,
        @Nullable String idempotencyKey) {
      this(lobby, player, password, null, null, idempotencyKey);
    }

    @Override
    public String toString() {
      return "Join[lobby=" + lobby + ", player=" + player + "]";
    }
  }

  /**
   * Changes nothing if the player is in none. When a host leaves, the member with the oldest
   * account is the next one; in a lobby with teams, the first player of the first team.
   *
   * @param lobby that the player leaves: {@code Conflict("target_not_in_lobby")} if they are not in
   *     it; null for whichever they are in
   */
  record Leave(PlayerId player, @Nullable LobbyId lobby, @Nullable String idempotencyKey)
      implements LobbyCommand<Done> {
    public Leave(PlayerId player) {
      this(player, null, null);
    }

    public Leave(PlayerId player, LobbyId lobby) {
      this(player, lobby, null);
    }

    public Leave(PlayerId player, @Nullable String idempotencyKey) {
      this(player, null, idempotencyKey);
    }
  }

  /**
   * {@code Conflict("not_in_lobby")}, {@code Missing("player_not_found")}, {@code
   * Denied("not_host")}, {@code Denied("cannot_kick_self")}, {@code
   * Conflict("target_not_in_lobby")}.
   */
  record Kick(PlayerId by, PlayerId target) implements LobbyCommand<Done> {}

  /**
   * Joins the oldest open lobby that fits, or opens one. {@code Conflict("already_in_lobby")}. The
   * leader of a party brings it: {@code Conflict}: {@code member_in_lobby}, {@code
   * members_offline}; {@code Denied("lobby_too_small_for_party")} for fewer seats than members.
   * Another member of a party is {@code Denied("not_leader")}.
   *
   * @param metadata every entry with a value must be found, as text, in the lobby's metadata
   * @param plan null to join the oldest lobby that fits, or to open one
   */
  record QuickJoin(
      PlayerId player,
      @Nullable String title,
      @Nullable Integer seatsMax,
      Map<String, Object> metadata,
      @Nullable String idempotencyKey,
      @Nullable QuickJoinPlan plan)
      implements LobbyCommand<Lobby> {
    public QuickJoin(
        PlayerId player,
        @Nullable String title,
        @Nullable Integer seatsMax,
        Map<String, Object> metadata,
        @Nullable String idempotencyKey) {
      this(player, title, seatsMax, metadata, idempotencyKey, null);
    }
  }

  /** What a quick join is bound to, where it was decided about beforehand. */
  sealed interface QuickJoinPlan {
    /**
     * Into this lobby alone, refused as {@link Join} if that has become impossible; {@code
     * Conflict("full")} if it is gone.
     */
    record Into(LobbyId lobby) implements QuickJoinPlan {}

    /** Into a new lobby with these settings. */
    record Opening(Settings settings) implements QuickJoinPlan {}
  }

  /**
   * Asks to follow a lobby: as a member, or as a spectator, who is counted until {@link Unwatch}.
   * {@code Missing("not_found")}, {@code Denied("must_spectate_own_lobby")}, {@code
   * Denied("not_spectatable")}. A lobby that is entered by its code is not found by strangers.
   *
   * @param connection names the socket and its channel, of all in the cluster; given again at the
   *     end
   */
  record Watch(LobbyId lobby, PlayerId player, String connection)
      implements LobbyCommand<Admission> {}

  /** Harmless when repeated. */
  record Unwatch(String connection) implements LobbyCommand<Done> {}

  /**
   * Opens a lobby with teams, the host in the first of them; the host leaves it when the node ends
   * that serves this. {@code Conflict("already_in_lobby")}.
   */
  record OpenTeams(PlayerId host, boolean hidden) implements LobbyCommand<Lobby> {}

  /**
   * As {@link Join}, into a team. A lobby that had no teams has them from then on. The player
   * leaves it when the node ends that serves this. {@code Denied("private")} after {@code
   * Missing("not_found")} into a hidden one without its code. {@code Limited} as in {@link Join}.
   *
   * @param code of the lobby, null if unknown
   * @param team null for the smaller one
   * @param clientAddress as in {@link Join}
   */
  record JoinTeam(
      LobbyId lobby,
      PlayerId player,
      @Nullable Integer code,
      Roster.@Nullable Team team,
      @Nullable String password,
      @Nullable String clientAddress)
      implements LobbyCommand<JoinResult> {
    public JoinTeam(
        LobbyId lobby,
        PlayerId player,
        @Nullable Integer code,
        Roster.@Nullable Team team,
        @Nullable String password) {
      this(lobby, player, code, team, password, null);
    }

    @Override
    public String toString() {
      return "JoinTeam[lobby=" + lobby + ", player=" + player + "]";
    }
  }

  /**
   * {@code Conflict("not_in_lobby")}.
   *
   * @param lobby in which the player was last seen, which saves a look for the player; if the
   *     player is in another one, that one counts. Null if unknown
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
   * Has a server allocated for the teams and closes the lobby; its members at that moment are in
   * the match. {@code Conflict("not_in_lobby")}, {@code Denied("not_host")}, {@code
   * Conflict("not_ready")}, {@code Unavailable("allocation_failed")}, which all leave the lobby as
   * it is.
   *
   * @param lobby as in {@link SetReady}
   */
  record StartMatch(PlayerId by, @Nullable LobbyId lobby) implements LobbyCommand<Match> {
    public StartMatch(PlayerId by) {
      this(by, null);
    }
  }

  /**
   * Settings of a lobby; a null keeps what is there, or takes the default in a new lobby.
   *
   * <p>Invalid {@code title}, {@code max_users}, {@code password}, {@code metadata}, {@code
   * slowdown}. A blank title of a new lobby takes the default.
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

  /**
   * A player is in the lobby.
   *
   * @param alreadyIn nothing was changed: the player was in it before. A client whose answer was
   *     lost asks again; wires that promise a refusal for this can tell
   * @param at the position at which the lobby's stream tells that the player joined; null if the
   *     player was in it, or if the command is answered as it was before
   */
  record JoinResult(Lobby lobby, boolean alreadyIn, @Nullable Position at) {}

  /** The right to follow a lobby's stream, with what the lobby looked like then. */
  record Admission(LobbySnapshot snapshot, boolean spectator) {}
}
