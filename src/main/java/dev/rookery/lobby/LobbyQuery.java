package dev.rookery.lobby;

import dev.rookery.base.LobbyId;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.bus.Command;
import dev.rookery.player.Player;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Queries, which change no lobby. */
public sealed interface LobbyQuery<R> extends Command<R> {
  String ADDRESS = "lobby/query";

  @Override
  default String address() {
    return ADDRESS;
  }

  /** {@code Missing("lobby_not_found")} also when hidden. */
  record Show(LobbyId lobby) implements LobbyQuery<LobbySnapshot> {}

  /**
   * Lobbies that are not hidden, oldest first. A filter looks through {@value #LOOKED_THROUGH_MAX}
   * of them and counts what it finds among these: those whose title begins with the given one, or
   * the newest. Without a filter, a total above 10,000 may be a minute old.
   */
  record ListOpen(Filter filter, Page.Request page) implements LobbyQuery<Page<Lobby>> {}

  /**
   * All lobbies, for admins; the one whose settings were saved last first. As {@link ListOpen},
   * without a title looking through the first of the list.
   *
   * @param hidden null for all
   */
  record ListAll(Filter filter, @Nullable Boolean hidden, Page.Request page)
      implements LobbyQuery<Page<WatchedLobby>> {}

  /**
   * A part of the list of all lobbies, for admins: the newest first.
   *
   * @param hidden null for all
   * @param cursor the lobby that the part follows; null for the first part
   * @param backwards whether the part comes before that lobby instead
   */
  record Browse(
      Filter filter, @Nullable Boolean hidden, @Nullable LobbyId cursor, boolean backwards, int max)
      implements LobbyQuery<List<WatchedLobby>> {}

  /**
   * Counts lobbies of that list, at most {@code max} of them.
   *
   * @param hidden null for all
   */
  record CountLobbies(Filter filter, @Nullable Boolean hidden, long max)
      implements LobbyQuery<Long> {}

  /** Counts lobbies; reads all of them. A null does not select. */
  record Count(
      @Nullable Boolean hidden,
      @Nullable Boolean hostless,
      @Nullable Boolean locked,
      @Nullable Boolean passworded)
      implements LobbyQuery<Long> {}

  /** Hidden or not. {@code Missing("lobby_not_found")}. */
  record Find(LobbyId lobby) implements LobbyQuery<FoundLobby> {}

  /** Hidden or not, for admins. {@code Missing("lobby_not_found")}. */
  record FindWatched(LobbyId lobby) implements LobbyQuery<WatchedLobby> {}

  /**
   * The lobby with a code that a player has entered, hidden or not. {@code
   * Missing("lobby_not_found")}; {@code Limited("too_many_attempts")}, and nothing is looked up,
   * after too many wrong ones of the player or from the client's network.
   *
   * @param clientAddress its address or network; null if unknown, then only the player's entries
   *     are counted
   */
  record FindByCode(PlayerId player, int code, @Nullable String clientAddress)
      implements LobbyQuery<FoundLobby> {
    @Override
    public String toString() {
      return "FindByCode[player=" + player + "]";
    }
  }

  /** The members of a lobby, hidden or not, oldest account first. As {@link Find}. */
  record ListMembers(LobbyId lobby) implements LobbyQuery<List<Player>> {}

  /**
   * The oldest lobby that a quick join may end in at this moment; empty if none is found among the
   * first.
   *
   * @param players how many join together
   */
  record FindJoinable(@Nullable Integer seatsMax, Map<String, Object> metadata, int players)
      implements LobbyQuery<Optional<LobbyId>> {}

  /** The hidden ones of these lobbies. */
  record FindHidden(Set<LobbyId> lobbies) implements LobbyQuery<Set<LobbyId>> {}

  /**
   * The newest lobbies that are not hidden, at most that many and {@link #TEAMS_MAX}, oldest first.
   * Those without teams and codes are given some.
   */
  record ListTeams(int max) implements LobbyQuery<List<Lobby>> {}

  /** As {@link Find}. A lobby without teams and a code is given some. */
  record FindWithTeams(LobbyId lobby) implements LobbyQuery<FoundLobby> {}

  int TEAMS_MAX = 100;

  /** How many lobbies a list with a filter looks through. */
  int LOOKED_THROUGH_MAX = 2_500;

  /** Whether at least two players are in one of the 100 newest lobbies, hidden or not. */
  record IsAnyShared() implements LobbyQuery<Boolean> {}

  /** A lobby, and a position of its stream that is not after what the lobby looked like then. */
  record FoundLobby(Lobby lobby, Position position) {}

  /**
   * A lobby with its members, read at one moment of its stream.
   *
   * @param members oldest account first
   */
  record LobbySnapshot(Lobby lobby, List<Player> members, int spectators, Position position) {}

  /** A lobby with the number of its spectators. */
  record WatchedLobby(Lobby lobby, int spectators) {}

  /** A null does not filter. Bounds on seats are inclusive. */
  record Filter(
      @Nullable String titlePrefix,
      @Nullable Boolean passworded,
      @Nullable Boolean locked,
      @Nullable Integer seatsAtLeast,
      @Nullable Integer seatsAtMost,
      @Nullable String metadataKey,
      @Nullable String metadataValue) {}
}
