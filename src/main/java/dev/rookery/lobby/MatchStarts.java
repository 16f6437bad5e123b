package dev.rookery.lobby;

import dev.rookery.allocation.GameServer;
import dev.rookery.allocation.Matchup;
import dev.rookery.allocation.Matchup.Contender;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.base.Topic;
import dev.rookery.lobby.Roster.Entrant;
import dev.rookery.player.Player;
import dev.rookery.player.Players;
import dev.rookery.store.Database;
import dev.rookery.store.Transaction;
import java.util.List;

/**
 * From a lobby into a match. The server is asked for while nothing is held, since that takes its
 * time; when it is there, the rules are looked at again. Who left meanwhile is not in the match;
 * who came is not ready, so there is none.
 */
final class MatchStarts {
  private final Database database;
  private final LobbyStore lobbies;
  private final TeamStore rows;
  private final Teams teams;
  private final Players players;
  private final LobbySetup setup;

  MatchStarts(
      Database database,
      LobbyStore lobbies,
      TeamStore rows,
      Teams teams,
      Players players,
      LobbySetup setup) {
    this.database = database;
    this.lobbies = lobbies;
    this.rows = rows;
    this.teams = teams;
    this.players = players;
    this.setup = setup;
  }

  Match start(PlayerId by) {
    Player starter = players.find(database, by);
    if (starter.lobby() == null) {
      throw Refused.conflict("not_in_lobby");
    }
    Lobby lobby =
        lobbies
            .find(database, starter.lobby())
            .orElseThrow(() -> Refused.missing("lobby_not_found"))
            .lobby();
    mayStart(lobby, starter);
    String match = setup.ids().uuid();
    GameServer server = setup.allocator().allocate(matchup(match, lobby)).await();
    return database.write(tx -> begun(tx, lobby, by, match, server));
  }

  private static void mayStart(Lobby lobby, Player by) {
    if (!LobbyRules.isIn(lobby, by)) {
      throw Refused.conflict("not_in_lobby");
    }
    if (!by.id().equals(lobby.host())) {
      throw Refused.denied("not_host");
    }
    RosterRules.mayStart(lobby.roster());
  }

  private Match begun(Transaction tx, Lobby before, PlayerId by, String match, GameServer server) {
    Lobby lobby =
        lobbies.lock(tx, before.id()).orElseThrow(() -> Refused.missing("lobby_not_found")).lobby();
    mayStart(lobby, players.find(tx, by));
    var begun = new Match(matchup(match, lobby), tx.now().toEpochMilli(), server);
    rows.close(tx, lobby.id());
    teams.ended(tx, lobby);
    players.exitAll(tx, lobby.id());
    String stream = Topic.lobby(lobby.id());
    tx.append(stream, new LobbyEvent.MatchStarted(lobby, begun));
    tx.append(stream, new LobbyEvent.Closed(lobby, by));
    return begun;
  }

  private static Matchup matchup(String match, Lobby lobby) {
    Roster roster = lobby.roster() == null ? Roster.EMPTY : lobby.roster();
    return new Matchup(match, team(roster.teamA()), team(roster.teamB()));
  }

  private static List<Contender> team(List<Entrant> team) {
    return team.stream().map(one -> new Contender(one.uuid(), one.name())).toList();
  }
}
