package dev.rookery.lobby;

import dev.rookery.base.Ids;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Done;
import dev.rookery.lobby.LobbyCommand.FillBots;
import dev.rookery.lobby.LobbyCommand.SetReady;
import dev.rookery.lobby.LobbyQuery.FoundLobby;
import dev.rookery.lobby.LobbyTask.Result;
import dev.rookery.player.MemberRenamed;
import dev.rookery.player.PlayerSummary;
import dev.rookery.store.Batcher;
import dev.rookery.store.Database;
import io.vertx.core.Future;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What players do with teams, up to the start of a match. A lobby that has no teams is given some
 * by the first command that needs them.
 */
final class TeamCommands {
  private final Batcher<LobbyTask, Result> batcher;
  private final Database database;
  private final LobbyStore store;
  private final LobbyLookup lookup;
  private final Ids ids;

  TeamCommands(
      Batcher<LobbyTask, Result> batcher,
      Database database,
      LobbyStore store,
      LobbyLookup lookup,
      Ids ids) {
    this.batcher = batcher;
    this.database = database;
    this.store = store;
    this.lookup = lookup;
    this.ids = ids;
  }

  Lobby setReady(SetReady set) {
    return batcher.ask(new ReadyTask(set.player(), set.lobby(), set.ready())).requireLobby();
  }

  Lobby fillBots(FillBots fill) {
    return batcher.ask(new BotsTask(fill.by(), ids)).requireLobby();
  }

  /** Shows the player's current name in the teams of the lobby that they are in, if any. */
  Done rename(MemberRenamed renamed) {
    batcher.ask(new RenameTask(renamed.player()));
    return Done.DONE;
  }

  /** {@code Missing("lobby_not_found")}. */
  FoundLobby find(LobbyId id) {
    FoundLobby found = lookup.find(id);
    if (found.lobby().roster() != null) {
      return found;
    }
    batcher.ask(new GiveTeamsTask(id));
    return lookup.find(id);
  }

  /** The newest lobbies, oldest first. */
  List<Lobby> list(int max) {
    List<Future<Lobby>> listed =
        store.newest(database, Math.clamp(max, 1, LobbyQuery.TEAMS_MAX)).stream()
            .map(
                lobby ->
                    lobby.roster() != null
                        ? Future.succeededFuture(lobby)
                        : batcher.submit(new GiveTeamsTask(lobby.id())).map(Result::lobby))
            .toList();
    Future.all(listed).await();
    return listed.reversed().stream().map(Future::result).filter(Objects::nonNull).toList();
  }

  /** The lobby if it has no teams: then those that it is given are made of its members. */
  static @Nullable LobbyId withoutTeams(LobbyReadSet read, LobbyId id) {
    return read.lobby(id).filter(lobby -> lobby.roster() == null).map(Lobby::id).orElse(null);
  }

  private static Supplier<Result> changed(LobbyBatch batch, Lobby before, Roster roster) {
    Lobby after = before.with(roster);
    batch.writes().put(after);
    return () -> {
      batch.teamsChanged(after);
      return Result.of(after);
    };
  }

  private static Roster roster(Lobby withTeams) {
    return Objects.requireNonNull(withTeams.roster());
  }

  /**
   * @param seenIn the lobby in which the player was last seen, which saves looking for the player;
   *     null if unknown
   */
  record ReadyTask(PlayerId player, @Nullable LobbyId seenIn, boolean ready) implements LobbyTask {
    @Override
    public void read(Needs needs) {
      if (seenIn == null || needs.isRetry()) {
        needs.lobbyOf(player);
      } else {
        needs.lobby(seenIn);
      }
    }

    @Override
    public @Nullable LobbyId membersOf(LobbyReadSet read) {
      return read.lobbyOf(player).map(lobby -> withoutTeams(read, lobby.id())).orElse(null);
    }

    @Override
    public Supplier<Result> decide(LobbyBatch batch) {
      Lobby lobby = batch.withTeams(lobby(batch));
      return changed(batch, lobby, RosterRules.ready(roster(lobby), player, ready));
    }

    private Lobby lobby(LobbyBatch batch) {
      if (seenIn == null || batch.isRetry()) {
        return batch
            .lobbyOf(batch.player(player))
            .orElseThrow(() -> Refused.conflict("not_in_lobby"));
      }
      // The teams know all members. If the player is not there, the retry looks where.
      return batch
          .lobby(seenIn)
          .filter(lobby -> lobby.roster() != null && lobby.roster().find(player).isPresent())
          .orElseThrow(() -> LobbyBatch.RETRY);
    }
  }

  record RenameTask(PlayerId player) implements LobbyTask {
    @Override
    public void read(Needs needs) {
      needs.lobbyOf(player);
    }

    @Override
    public Supplier<Result> decide(LobbyBatch batch) {
      PlayerSummary current = batch.findPlayer(player).orElse(null);
      if (current == null) {
        return () -> Result.NONE;
      }
      Lobby lobby = batch.lobbyOf(current).orElse(null);
      Roster before = lobby == null ? null : lobby.roster();
      if (lobby == null || before == null) {
        return () -> Result.NONE;
      }
      Roster roster = RosterRules.renamed(before, current);
      return roster.equals(before) ? () -> Result.NONE : changed(batch, lobby, roster);
    }
  }

  record BotsTask(PlayerId player, Ids ids) implements LobbyTask {
    @Override
    public void read(Needs needs) {
      needs.lobbyOf(player);
    }

    @Override
    public @Nullable LobbyId membersOf(LobbyReadSet read) {
      return read.lobbyOf(player).map(lobby -> withoutTeams(read, lobby.id())).orElse(null);
    }

    @Override
    public Supplier<Result> decide(LobbyBatch batch) {
      PlayerSummary by = batch.player(player);
      Lobby found = batch.lobbyOf(by).orElseThrow(() -> Refused.conflict("not_in_lobby"));
      LobbyRules.mustBeHost(found, player);
      Lobby lobby = batch.withTeams(found);
      Roster roster = roster(lobby);
      int room = lobby.seatsMax() - (int) roster.all().count();
      int bots = Math.clamp(room, 0, RosterRules.botsMissing(roster));
      List<String> uuids = Stream.generate(ids::uuid).limit(bots).toList();
      return changed(batch, lobby, RosterRules.withBots(roster, uuids));
    }
  }

  /** Tells nobody: a lobby's teams are shown with it, and no member has changed. */
  record GiveTeamsTask(LobbyId lobby) implements LobbyTask {
    @Override
    public @Nullable PlayerId player() {
      return null;
    }

    @Override
    public void read(Needs needs) {
      needs.lobby(lobby);
    }

    @Override
    public @Nullable LobbyId membersOf(LobbyReadSet read) {
      return withoutTeams(read, lobby);
    }

    @Override
    public Supplier<Result> decide(LobbyBatch batch) {
      Lobby found = batch.lobby(lobby).orElse(null);
      if (found == null || found.roster() != null) {
        return () -> new Result(found, false, null, null, null);
      }
      Lobby after = batch.withTeams(found).next();
      batch.writes().put(after);
      return () -> Result.of(after);
    }
  }
}
