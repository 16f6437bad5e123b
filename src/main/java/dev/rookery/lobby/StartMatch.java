package dev.rookery.lobby;

import dev.rookery.allocation.Allocation;
import dev.rookery.allocation.Match;
import dev.rookery.allocation.Matchup;
import dev.rookery.allocation.Matchup.Participant;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.lobby.LobbyTask.Result;
import dev.rookery.lobby.Roster.Entrant;
import dev.rookery.store.Batcher;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Starts matches. The server is allocated while no row is locked, since that takes long; when it is
 * there, the rules are checked again. A player who left meanwhile is not in the match; one who
 * joined is not ready, so the match does not start.
 */
final class StartMatch {
  private static final int TRIES = 3;
  private static final String TEAMS_CHANGED = "teams_changed";

  private final Batcher<LobbyTask, Result> batcher;
  private final LobbyLookup lookup;
  private final LobbyDependencies dependencies;

  StartMatch(
      Batcher<LobbyTask, Result> batcher, LobbyLookup lookup, LobbyDependencies dependencies) {
    this.batcher = batcher;
    this.lookup = lookup;
    this.dependencies = dependencies;
  }

  Match start(LobbyCommand.StartMatch start) {
    for (int tries = 0; tries < TRIES; tries++) {
      Match started = tryToStart(start);
      if (started != null) {
        return started;
      }
    }
    throw new Refused(new Refusal.Unavailable("allocation_failed"));
  }

  /** Null if the teams have changed since the room was prepared for them. */
  private @Nullable Match tryToStart(LobbyCommand.StartMatch start) {
    PlayerId by = start.by();
    Lobby lobby = lookup.of(by, start.lobby());
    mayStart(lobby, by);
    Matchup matchup = matchup(dependencies.ids().uuid(), lobby);
    Allocation allocation = dependencies.allocator().prepare(matchup).await();
    try {
      Result result = batcher.ask(new Task(by, lobby.id(), allocation));
      return Objects.requireNonNull(result.match());
    } catch (Refused refused) {
      if (refused.refusal().code().equals(TEAMS_CHANGED)) {
        return null;
      }
      throw refused;
    }
  }

  private static void mayStart(Lobby lobby, PlayerId by) {
    LobbyRules.mustBeHost(lobby, by);
    RosterRules.mayStart(lobby.roster());
  }

  private static Matchup matchup(String match, Lobby lobby) {
    Roster roster = lobby.roster() == null ? Roster.EMPTY : lobby.roster();
    return new Matchup(match, team(roster.teamA()), team(roster.teamB()), null);
  }

  private static List<Participant> team(List<Entrant> team) {
    return team.stream().map(one -> new Participant(one.uuid(), one.name(), one.player())).toList();
  }

  record Task(PlayerId player, LobbyId lobby, Allocation allocation) implements LobbyTask {
    @Override
    public void read(Needs needs) {
      needs.lobby(lobby);
      if (needs.isRetry()) {
        needs.player(player);
      }
    }

    @Override
    public Supplier<Result> decide(LobbyBatch batch) {
      Lobby found = batch.lobby(lobby).orElseThrow(() -> Refused.missing("lobby_not_found"));
      if (!player.equals(found.host()) && !batch.isRetry()) {
        throw LobbyBatch.RETRY;
      }
      // A host is always a member.
      if (!player.equals(found.host()) && !LobbyRules.isIn(found, batch.player(player))) {
        throw Refused.conflict("not_in_lobby");
      }
      mayStart(found, player);
      Matchup matchup = matchup(allocation.matchup().match(), found);
      if (!allocation.fits(matchup)) {
        throw Refused.conflict(TEAMS_CHANGED);
      }
      batch.writes().empty(found);
      return () -> {
        Match begun = allocation.start(batch.tx(), matchup);
        batch.append(found, new LobbyEvent.MatchStarted(found, begun));
        return new Result(found, false, null, begun, null);
      };
    }
  }
}
