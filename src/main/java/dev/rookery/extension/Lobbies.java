package dev.rookery.extension;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lobbies. A player is in at most one. */
public interface Lobbies {
  /** A lobby, hidden or not. */
  @Nullable Lobby find(long lobbyId);

  /** The ids of the members, oldest account first. {@code lobby_not_found}. */
  List<Long> memberIds(long lobbyId);

  /** The lobbies that are not hidden, oldest first. */
  ResultPage<Lobby> listOpen(@Nullable String titlePrefix, int page, int pageSize);

  /** All lobbies; the one whose settings were saved last first. */
  ResultPage<Lobby> listAll(@Nullable String titlePrefix, int page, int pageSize);

  /** How many lobbies the filter selects. Reads all lobbies. */
  long count(LobbyFilter filter);

  /**
   * Opens a lobby with a player as host and first member, as the player can: {@code
   * already_in_lobby}. The leader of a party brings it.
   */
  Lobby create(long hostId, LobbySettings settings);

  /** Opens a lobby without a host and members, which stays when it is empty. Runs no hook. */
  Lobby createHostless(LobbySettings settings);

  /** Opens a lobby with the leader of a party as host, and all of the party in it. */
  Lobby createWithParty(long leaderId, LobbySettings settings);

  /** Changes any lobby. {@code not_found}, {@code too_small}. */
  Lobby update(long lobbyId, LobbySettings settings);

  /** Changes the lobby of its host, as the host can. {@code not_in_lobby}, {@code not_host}. */
  Lobby updateAsHost(long hostId, LobbySettings settings);

  /** Deletes a lobby, and takes out its members. {@code not_found}. */
  void delete(long lobbyId);

  /**
   * Lets a player join, as the player can: {@code not_found}, {@code already_in_lobby}, {@code
   * locked}, {@code full}, {@code invalid_password} … The leader of a party brings it.
   *
   * @param password null for none
   */
  Lobby join(long userId, long lobbyId, @Nullable String password);

  /** Lets the leader of a party join with all of it. */
  Lobby joinWithParty(long leaderId, long lobbyId, @Nullable String password);

  /** Lets a player join the oldest lobby that fits, or open one. */
  Lobby quickJoin(
      long userId,
      @Nullable String title,
      @Nullable Integer maxUsers,
      Map<String, Object> metadata);

  /** Lets a player leave their lobby; changes nothing if they are in none. */
  void leave(long userId);

  /** Lets the host remove a member. {@code not_host}, {@code target_not_in_lobby} … */
  void kick(long hostId, long targetId);
}
