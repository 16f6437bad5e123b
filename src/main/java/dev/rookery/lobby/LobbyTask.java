package dev.rookery.lobby;

import dev.rookery.allocation.Match;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.store.AppendResult;
import dev.rookery.store.IdempotentCommand;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A command that changes lobbies, as a {@link LobbyBatch} carries it out. */
interface LobbyTask {
  /** The player whose command it is; null if it is the server's own. */
  @Nullable PlayerId player();

  /** Null if the command came without an idempotency key. */
  default @Nullable IdempotentCommand idempotent() {
    return null;
  }

  /** Names what the batch is to read for it. */
  void read(Needs needs);

  /** The lobby whose members it needs, now that lobbies and players are read; null if none. */
  default @Nullable LobbyId membersOf(LobbyReadSet read) {
    return null;
  }

  /**
   * Checks the rules in the order of the contract, then changes the state of the batch.
   *
   * @return what is done when all tasks are decided and the players have moved: append the events,
   *     give the result
   * @throws Refused if a rule forbids it, or to be retried ({@link LobbyBatch#RETRY}); nothing is
   *     changed then
   */
  Supplier<Result> decide(LobbyBatch batch);

  /** What is stored with the idempotency key; null if the command changed nothing. */
  default @Nullable Object answer(Result result) {
    return result.lobby;
  }

  /** The result if the command was carried out before. */
  default Optional<Result> repeated(IdempotentCommand.Answers answers) {
    return answers.find(idempotent(), Lobby.class).map(Result::of);
  }

  /** What a batch reads before it decides: a bounded set, one statement for each kind. */
  final class Needs {
    final Set<PlayerId> players = new LinkedHashSet<>();
    final Set<PlayerId> membersWithLobby = new LinkedHashSet<>();
    final Set<LobbyId> lobbies = new LinkedHashSet<>();
    final Map<PlayerId, QuickJoinCriteria> quickJoins = new LinkedHashMap<>();
    final Set<PlayerId> membersWithParty = new LinkedHashSet<>();
    private final boolean retry;

    Needs(boolean retry) {
      this.retry = retry;
    }

    /** Whether the task lost a race before, and should take nothing for granted now. */
    boolean isRetry() {
      return retry;
    }

    void player(PlayerId player) {
      players.add(player);
    }

    void lobby(LobbyId lobby) {
      lobbies.add(lobby);
    }

    /** A player and the lobby that the player is in, if any. */
    void lobbyOf(PlayerId player) {
      players.add(player);
      membersWithLobby.add(player);
    }

    /** A player and the party that the player is in, if any. */
    void partyOf(PlayerId player) {
      players.add(player);
      membersWithParty.add(player);
    }

    /** Lobbies that a quick join of the player, or of the party, may end in. */
    void joinable(PlayerId player, QuickJoinCriteria criteria) {
      quickJoins.put(player, criteria);
    }
  }

  /**
   * Which lobbies a quick join accepts.
   *
   * @param seats null for any number
   * @param metadata see {@link LobbyRules#fits}
   * @param players how many join together
   */
  record QuickJoinCriteria(@Nullable Integer seats, Map<String, Object> metadata, int players) {
    QuickJoinCriteria(@Nullable Integer seats, Map<String, Object> metadata) {
      this(seats, metadata, 1);
    }

    QuickJoinCriteria of(int count) {
      return new QuickJoinCriteria(seats, metadata, count);
    }

    boolean accepts(Lobby lobby) {
      return LobbyRules.isJoinable(lobby, seats)
          && lobby.members() + players <= lobby.seatsMax()
          && LobbyRules.fits(lobby.metadata(), metadata);
    }
  }

  /**
   * What came of a task.
   *
   * @param lobby as it is after the task, or was when its match began; null if there is none
   * @param alreadyIn nothing was changed, because the player was in the lobby
   * @param joinedAt where the lobby's stream tells that the player joined; null if that is not new
   * @param match that began, if any
   * @param hashToCheck the hash of the lobby's password, against which the player's password is to
   *     be checked before the task is tried again; nothing was changed
   */
  record Result(
      @Nullable Lobby lobby,
      boolean alreadyIn,
      @Nullable AppendResult joinedAt,
      @Nullable Match match,
      @Nullable String hashToCheck) {
    static final Result NONE = new Result(null, false, null, null, null);

    static Result of(Lobby lobby) {
      return new Result(lobby, false, null, null, null);
    }

    Lobby requireLobby() {
      return Objects.requireNonNull(lobby);
    }

    @Override
    public String toString() {
      return "Result[lobby=" + lobby + "]";
    }
  }
}
