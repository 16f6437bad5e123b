package dev.rookery.lobby;

import dev.rookery.bus.Done;
import dev.rookery.lobby.LobbyCommand.Change;
import dev.rookery.lobby.LobbyCommand.FillBots;
import dev.rookery.lobby.LobbyCommand.Join;
import dev.rookery.lobby.LobbyCommand.JoinTeam;
import dev.rookery.lobby.LobbyCommand.Kick;
import dev.rookery.lobby.LobbyCommand.Leave;
import dev.rookery.lobby.LobbyCommand.Open;
import dev.rookery.lobby.LobbyCommand.OpenHostless;
import dev.rookery.lobby.LobbyCommand.OpenTeams;
import dev.rookery.lobby.LobbyCommand.QuickJoin;
import dev.rookery.lobby.LobbyCommand.SetReady;
import dev.rookery.lobby.LobbyCommand.StartMatch;
import dev.rookery.lobby.LobbyCommand.Unwatch;
import dev.rookery.lobby.LobbyCommand.Watch;
import dev.rookery.lobby.LobbyQuery.Find;
import dev.rookery.lobby.LobbyQuery.ListOpen;
import dev.rookery.lobby.LobbyQuery.ListTeams;
import dev.rookery.lobby.LobbyQuery.Show;
import dev.rookery.store.Database;

/** Who does what is asked of lobbies. */
record Commands(
    Database database,
    Entrances entrances,
    Exits exits,
    Alterations alterations,
    Watching watching,
    Sightings sightings,
    TeamPlay teamPlay,
    MatchStarts matchStarts) {

  Object carryOut(LobbyCommand<?> command) {
    return switch (command) {
      case Open open -> entrances.open(open);
      case OpenHostless open -> entrances.openHostless(open);
      case Join join -> entrances.join(join);
      case QuickJoin join -> entrances.quickJoin(join);
      case Change change -> alterations.change(change);
      case Leave leave -> exits.leave(leave);
      case Kick(var by, var target) -> {
        exits.kick(by, target);
        yield Done.DONE;
      }
      case OpenTeams open -> teamPlay.open(open);
      case JoinTeam join -> teamPlay.join(join);
      case SetReady ready -> teamPlay.ready(ready);
      case FillBots(var by) -> teamPlay.fillBots(by);
      case StartMatch start -> matchStarts.start(start);
      case Watch watch -> watching.watch(watch);
      case Unwatch(var connection) -> {
        watching.unwatch(connection);
        yield Done.DONE;
      }
    };
  }

  Object answer(LobbyQuery<?> query) {
    return switch (query) {
      case Show(var lobby) -> watching.show(lobby);
      case Find find -> sightings.find(find);
      case ListTeams(var max) -> teamPlay.list(max);
      case ListOpen(var filter, var page) -> LobbyListStore.list(database, filter, page);
    };
  }
}
