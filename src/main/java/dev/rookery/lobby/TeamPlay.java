package dev.rookery.lobby;

import dev.rookery.base.Ids;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.base.Topic;
import dev.rookery.lobby.Batched.Arrival;
import dev.rookery.lobby.Batched.Opening;
import dev.rookery.lobby.Batched.Outcome;
import dev.rookery.lobby.Batched.Readiness;
import dev.rookery.lobby.Batched.Wish;
import dev.rookery.lobby.LobbyCommand.Join;
import dev.rookery.lobby.LobbyCommand.JoinTeam;
import dev.rookery.lobby.LobbyCommand.OpenTeams;
import dev.rookery.lobby.LobbyCommand.SetReady;
import dev.rookery.player.Player;
import dev.rookery.player.Players;
import dev.rookery.store.Database;
import dev.rookery.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** What players do in lobbies with teams, up to the start of a match. */
final class TeamPlay {
  private static final int CODES_MAX = 20;

  private final Batches batches;
  private final Database database;
  private final LobbyStore lobbies;
  private final TeamStore rows;
  private final Teams teams;
  private final Players players;
  private final Entrances entrances;
  private final LobbySetup setup;

  TeamPlay(
      Batches batches,
      Database database,
      LobbyStore lobbies,
      TeamStore rows,
      Teams teams,
      Players players,
      Entrances entrances,
      LobbySetup setup) {
    this.batches = batches;
    this.database = database;
    this.lobbies = lobbies;
    this.rows = rows;
    this.teams = teams;
    this.players = players;
    this.entrances = entrances;
    this.setup = setup;
  }

  Lobby open(OpenTeams open) {
    int code = teams.code();
    return batches
        .share(new Opening(open.host(), draft(code, open.hidden()), null, code))
        .map(Outcome::lobby)
        .orElseGet(() -> openAlone(open));
  }

  private Draft draft(int code, boolean hidden) {
    return Draft.team("lobby-" + code, setup.limits().lobbySeatsMax(), hidden);
  }

  private Lobby openAlone(OpenTeams open) {
    return database.write(
        tx -> {
          Player host = players.find(tx, open.host());
          if (host.lobby() != null) {
            throw Refused.conflict("already_in_lobby");
          }
          Lobby lobby = inserted(tx, host, open.hidden());
          players.joinLobby(tx, host.id(), lobby.id());
          teams.tie(tx, host.id(), lobby.id());
          tx.append(Topic.lobby(lobby.id()), new LobbyEvent.Opened(lobby));
          return lobby;
        });
  }

  private Lobby inserted(Transaction tx, Player host, boolean hidden) {
    Roster roster = RosterRules.with(Roster.EMPTY, host, Team.A);
    for (int tries = 0; tries < CODES_MAX; tries++) {
      int code = teams.code();
      var inserted = rows.insert(tx, draft(code, hidden), host.id(), code, roster);
      if (inserted.isPresent()) {
        return inserted.get();
      }
    }
    throw Teams.noCode();
  }

  Entry join(JoinTeam join) {
    String password = join.password();
    return password == null || password.isEmpty()
        ? batches
            .share(new Arrival(join.player(), join.lobby(), new Wish(join.code(), join.team())))
            .flatMap(Entrances::entry)
            .orElseGet(() -> joinAlone(join))
        : joinAlone(join);
  }

  private Entry joinAlone(JoinTeam join) {
    Lobby lobby =
        lobbies
            .find(database, join.lobby())
            .orElseThrow(() -> Refused.missing("not_found"))
            .lobby();
    if (!LobbyRules.mayFind(lobby, join.code())) {
      throw Refused.denied("private");
    }
    return Teams.untilCodesDiffer(
        () ->
            entrances.join(
                new Join(join.lobby(), join.player(), join.password()),
                teams.wishing(join.team())));
  }

  Lobby ready(SetReady set) {
    PlayerId id = set.player();
    return batches
        .share(new Readiness(id, set.lobby(), set.ready()))
        .map(Outcome::lobby)
        .orElseGet(() -> change(id, (_, roster) -> RosterRules.ready(roster, id, set.ready())));
  }

  Lobby fillBots(PlayerId by) {
    return change(
        by,
        (lobby, roster) -> {
          if (!by.equals(lobby.host())) {
            throw Refused.denied("not_host");
          }
          int room = lobby.seatsMax() - (int) roster.all().count();
          int bots = Math.clamp(room, 0, RosterRules.botsMissing(roster));
          Ids ids = setup.ids();
          return RosterRules.withBots(roster, Stream.generate(ids::uuid).limit(bots).toList());
        });
  }

  private Lobby change(PlayerId by, BiFunction<Lobby, Roster, Roster> rule) {
    return Teams.untilCodesDiffer(
        () ->
            database.write(
                tx -> {
                  Lobby found = Exits.held(tx, lobbies, players, by).lobby();
                  // Read again now that nobody can move any more.
                  if (!LobbyRules.isIn(found, players.find(tx, by))) {
                    throw Refused.conflict("not_in_lobby");
                  }
                  Lobby before = teams.adopted(tx, found);
                  Roster roster = before.roster() == null ? Roster.EMPTY : before.roster();
                  Lobby lobby = teams.saved(tx, before.id(), rule.apply(before, roster));
                  tx.append(Topic.lobby(lobby.id()), new LobbyEvent.TeamsChanged(lobby));
                  return lobby;
                }));
  }

  /** Those without teams are given some now: each once. */
  List<Lobby> list(int max) {
    var listed = new ArrayList<Lobby>();
    for (Lobby lobby : rows.newest(database, Math.clamp(max, 1, LobbyQuery.TEAMS_MAX))) {
      if (lobby.roster() != null) {
        listed.add(lobby);
      } else {
        Teams.untilCodesDiffer(
                () ->
                    database.write(
                        tx ->
                            lobbies
                                .lock(tx, lobby.id())
                                .map(held -> teams.adopted(tx, held.lobby()))))
            .ifPresent(listed::add);
      }
    }
    return listed.reversed();
  }
}
