package dev.rookery.lobby;

import dev.rookery.auth.PasswordHasher;
import dev.rookery.bus.Bus;
import dev.rookery.lease.Sweep;
import dev.rookery.lease.SweptTable;
import dev.rookery.notification.NotificationWriter;
import dev.rookery.player.Export;
import dev.rookery.player.MemberRenamed;
import dev.rookery.player.Players;
import dev.rookery.store.Database;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Serves lobby commands and queries, on virtual threads, for the node that received them.
 *
 * <p>Commands that change lobbies go through one {@link LobbyBatch} at a time. Nobody is answered
 * before the commit, and events leave after it: no client hears of a join that was rolled back.
 */
public final class LobbyVerticle extends VerticleBase {
  private static final Duration TIDY_EVERY = Duration.ofMinutes(1);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

  private final Bus bus;
  private final Database database;
  private final Players players;
  private final NotificationWriter notifications;
  private final PasswordHasher passwords;
  private final LobbyDependencies dependencies;

  public LobbyVerticle(
      Bus bus,
      Database database,
      Players players,
      NotificationWriter notifications,
      PasswordHasher passwords,
      LobbyDependencies dependencies) {
    this.bus = bus;
    this.database = database;
    this.players = players;
    this.notifications = notifications;
    this.passwords = passwords;
    this.dependencies = dependencies;
  }

  @Override
  public Future<?> start() {
    var store = new LobbyStore();
    var batcher = LobbyBatch.batcher(context, database, store, players, dependencies);
    var rules = new LobbyRules(dependencies.limits());
    int passwordMax = dependencies.limits().lobbyPasswordMax();
    var createLobby = new CreateLobby(batcher, passwords, rules, dependencies);
    var throttle = new CodeThrottle(dependencies.entries());
    var joinLobby = new JoinLobby(batcher, createLobby, passwords, rules, throttle, passwordMax);
    var leaveLobby = new LeaveLobby(batcher, notifications);
    var updateLobby = new UpdateLobby(batcher, passwords, rules);
    var lookup = new LobbyLookup(context, database, store, players, throttle);
    var teams = new TeamCommands(batcher, database, store, lookup, dependencies.ids());
    var startMatch = new StartMatch(batcher, lookup, dependencies);
    var spectatorRows = new SpectatorStore(dependencies.run());
    var spectators = new Spectators(database, store, spectatorRows, players);
    var disconnected =
        new DisconnectedMembers(
            database, players, player -> leaveLobby.leave(new LobbyCommand.Leave(player)));
    dependencies.scheduler().schedule("lost members", LOOK_EVERY, _ -> disconnected.remove());
    dependencies
        .scheduler()
        .scheduleSweep(
            Sweep.every(
                TIDY_EVERY,
                "gone spectators",
                SweptTable.ruled("spectator", "when the run of its node has ended")),
            _ -> spectatorRows.tidy(database));
    var exported = new ExportStore();
    return Future.all(
        bus.<LobbyCommand<?>>serve(
            LobbyCommand.ADDRESS,
            command ->
                switch (command) {
                  case LobbyCommand.Open open -> createLobby.open(open);
                  case LobbyCommand.OpenWithParty open -> createLobby.openWithParty(open);
                  case LobbyCommand.OpenHostless open -> createLobby.openHostless(open);
                  case LobbyCommand.OpenTeams open -> createLobby.openTeams(open);
                  case LobbyCommand.Join join -> joinLobby.join(join);
                  case LobbyCommand.JoinWithParty join -> joinLobby.joinWithParty(join);
                  case LobbyCommand.JoinTeam join -> joinLobby.joinTeam(join);
                  case LobbyCommand.QuickJoin join -> joinLobby.quickJoin(join);
                  case LobbyCommand.Leave leave -> leaveLobby.leave(leave);
                  case LobbyCommand.Kick kick -> leaveLobby.kick(kick);
                  case LobbyCommand.Change change -> updateLobby.change(change);
                  case LobbyCommand.ChangeAny change ->
                      spectators.watched(updateLobby.change(change));
                  case LobbyCommand.Close(var lobby) -> updateLobby.close(lobby);
                  case LobbyCommand.SetReady ready -> teams.setReady(ready);
                  case LobbyCommand.FillBots fill -> teams.fillBots(fill);
                  case LobbyCommand.StartMatch start -> startMatch.start(start);
                  case LobbyCommand.Watch watch -> spectators.watch(watch);
                  case LobbyCommand.Unwatch unwatch -> spectators.unwatch(unwatch);
                }),
        bus.<LobbyQuery<?>>serve(
            LobbyQuery.ADDRESS,
            query ->
                switch (query) {
                  case LobbyQuery.Show(var lobby) -> spectators.show(lobby);
                  case LobbyQuery.Find(var lobby) -> lookup.find(lobby);
                  case LobbyQuery.FindWatched(var lobby) ->
                      spectators.watched(lookup.find(lobby).lobby());
                  case LobbyQuery.ListMembers(var lobby) -> spectators.members(lobby);
                  case LobbyQuery.FindJoinable find -> lookup.findJoinable(find);
                  case LobbyQuery.FindByCode find -> lookup.findByCode(find);
                  case LobbyQuery.FindHidden(var lobbies) ->
                      Set.copyOf(store.hidden(database, List.copyOf(lobbies)));
                  case LobbyQuery.ListTeams(var max) -> teams.list(max);
                  case LobbyQuery.FindWithTeams(var lobby) -> teams.find(lobby);
                  case LobbyQuery.ListOpen(var filter, var page) ->
                      LobbyListStore.list(database, dependencies.longLists(), filter, page);
                  case LobbyQuery.Count count -> LobbyListStore.count(database, count);
                  case LobbyQuery.IsAnyShared() -> LobbyListStore.isAnyShared(database);
                  case LobbyQuery.Browse browse -> LobbyListStore.browse(database, browse);
                  case LobbyQuery.CountLobbies(var filter, var hidden, var max) ->
                      LobbyListStore.count(database, filter, hidden, max);
                  case LobbyQuery.ListAll(var filter, var hidden, var page) ->
                      LobbyListStore.listAll(
                          database, dependencies.longLists(), filter, hidden, page);
                }),
        bus.<MemberRenamed>serve(MemberRenamed.ADDRESS, teams::rename),
        bus.<Export>serve(Export.address("lobbies"), asked -> exported.lobbies(database, asked)));
  }
}
