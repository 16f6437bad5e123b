package dev.rookery.lobby;

import dev.rookery.allocation.GameServer;
import dev.rookery.allocation.Match;
import dev.rookery.allocation.Matchup;
import dev.rookery.allocation.Matchup.Participant;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.lobby.LobbyTask.Result;
import dev.rookery.lobby.Roster.Entrant;
import dev.rookery.store.Batcher;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Starts matches. The server is allocated while no row is locked, since that takes long; when it is
 * there, the rules are checked again. A player who left meanwhile is not in the match; one who
 * joined is not ready, so the match does not start.
 */
final class StartMatch {
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
    PlayerId by = start.by();
    Lobby lobby = lookup.of(by, start.lobby());
    mayStart(lobby, by);
    String match = dependencies.ids().uuid();
    GameServer server = dependencies.allocator().allocate(matchup(match, lobby)).await();
    Result result = batcher.ask(new Task(by, lobby.id(), match, server));
    return Objects.requireNonNull(result.match());
  }

  private static void mayStart(Lobby lobby, PlayerId by) {
    LobbyRules.mustBeHost(lobby, by);
    RosterRules.mayStart(lobby.roster());
  }

  private static Matchup matchup(String match, Lobby lobby) {
    Roster roster = lobby.roster() == null ? Roster.EMPTY : lobby.roster();
    return new Matchup(match, team(roster.teamA()), team(roster.teamB()));
  }

  private static List<Participant> team(List<Entrant> team) {
    return team.stream().map(one -> new Participant(one.uuid(), one.name())).toList();
  }

  record Task(PlayerId player, LobbyId lobby, String match, GameServer server)
      implements LobbyTask {
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
      batch.empty(found);
      return () -> {
        long now = batch.tx().now().toEpochMilli();
        var begun = new Match(matchup(match, found), now, server);
        batch.append(found, new LobbyEvent.MatchStarted(found, begun));
        return new Result(found, false, null, begun, null);
      };
    }
  }
}
