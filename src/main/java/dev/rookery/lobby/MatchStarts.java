package dev.rookery.lobby;

import dev.rookery.allocation.GameServer;
import dev.rookery.allocation.Matchup;
import dev.rookery.allocation.Matchup.Participant;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.base.Topic;
import dev.rookery.lobby.Batched.Outcome;
import dev.rookery.lobby.Batched.Start;
import dev.rookery.lobby.LobbyCommand.StartMatch;
import dev.rookery.lobby.Roster.Entrant;
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
  private final Batches batches;
  private final Sightings sightings;
  private final Database database;
  private final LobbyStore lobbies;
  private final TeamStore rows;
  private final Players players;
  private final LobbySetup setup;

  MatchStarts(
      Batches batches,
      Sightings sightings,
      Database database,
      LobbyStore lobbies,
      TeamStore rows,
      Players players,
      LobbySetup setup) {
    this.batches = batches;
    this.sightings = sightings;
    this.database = database;
    this.lobbies = lobbies;
    this.rows = rows;
    this.players = players;
    this.setup = setup;
  }

  Match start(StartMatch asked) {
    PlayerId by = asked.by();
    Lobby lobby = sightings.of(by, asked.lobby()).orElseThrow(() -> lost(by));
    refuseToStart(lobby, by);
    String match = setup.ids().uuid();
    GameServer server = setup.allocator().allocate(matchup(match, lobby)).await();
    var start = new Start(by, lobby.id(), match, server);
    return batches
        .share(start)
        .map(Outcome::match)
        .orElseGet(() -> database.write(tx -> begun(tx, start)));
  }

  private Refused lost(PlayerId by) {
    return players.find(database, by).lobby() == null
        ? Refused.conflict("not_in_lobby")
        : Refused.missing("lobby_not_found");
  }

  private static void refuseToStart(Lobby lobby, PlayerId by) {
    if (!by.equals(lobby.host())) {
      throw Refused.denied("not_host");
    }
    RosterRules.mayStart(lobby.roster());
  }

  /** Whether nothing is in the way; a host is always a member. */
  static boolean mayStart(Lobby lobby, PlayerId by) {
    Roster roster = lobby.roster();
    return by.equals(lobby.host()) && roster != null && RosterRules.isReady(roster);
  }

  private Match begun(Transaction tx, Start start) {
    Lobby lobby =
        lobbies
            .lock(tx, start.lobby())
            .orElseThrow(() -> Refused.missing("lobby_not_found"))
            .lobby();
    if (!LobbyRules.isIn(lobby, players.find(tx, start.player()))) {
      throw Refused.conflict("not_in_lobby");
    }
    refuseToStart(lobby, start.player());
    rows.close(tx, lobby.id());
    players.removeAllMembers(tx, List.of(lobby.id()));
    return tell(tx, lobby, start);
  }

  /** The lobby, which ends, hears of its match. */
  static Match tell(Transaction tx, Lobby lobby, Start start) {
    var begun = new Match(matchup(start.match(), lobby), tx.now().toEpochMilli(), start.server());
    tx.append(Topic.lobby(lobby.id()), new LobbyEvent.MatchStarted(lobby, begun));
    return begun;
  }

  private static Matchup matchup(String match, Lobby lobby) {
    Roster roster = lobby.roster() == null ? Roster.EMPTY : lobby.roster();
    return new Matchup(match, team(roster.teamA()), team(roster.teamB()));
  }

  private static List<Participant> team(List<Entrant> team) {
    return team.stream().map(one -> new Participant(one.uuid(), one.name())).toList();
  }
}
