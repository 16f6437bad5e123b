package dev.rookery.lobby;

import dev.rookery.auth.Passwords;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.lease.Duties;
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
import dev.rookery.notification.Notifications;
import dev.rookery.player.Export;
import dev.rookery.player.Players;
import dev.rookery.store.Database;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Serves lobbies, on virtual threads, for the node that received the command.
 *
 * <p>Events leave with the transaction that made them, after its commit: nobody hears of a join
 * that was rolled back.
 */
public final class LobbyVerticle extends VerticleBase {
  private static final Duration TIDY_EVERY = Duration.ofMinutes(1);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

  private final Bus bus;
  private final Database database;
  private final Entrances entrances;
  private final Exits exits;
  private final Alterations alterations;
  private final Watching watching;
  private final TeamPlay teamPlay;
  private final MatchStarts matchStarts;
  private final Ties ties;
  private final SpectatorStore spectators;
  private final Duties duties;
  private final Players players;
  private @Nullable Arrivals arrivals;
  private @Nullable Departures departures;

  public LobbyVerticle(
      Bus bus,
      Database database,
      Players players,
      Notifications notifications,
      Passwords passwords,
      LobbySetup setup) {
    this.bus = bus;
    this.database = database;
    this.players = players;
    var lobbies = new LobbyStore();
    var rules = new LobbyRules(setup.limits());
    this.duties = setup.duties();
    this.spectators = new SpectatorStore(setup.run());
    var rosters = new TeamStore();
    var tied = new TieStore();
    var teams = new Teams(rosters, tied, players, setup);
    this.entrances = new Entrances(database, lobbies, players, teams, passwords, rules, setup);
    this.exits = new Exits(database, lobbies, players, teams, notifications);
    this.teamPlay = new TeamPlay(database, lobbies, rosters, teams, players, entrances, setup);
    this.matchStarts = new MatchStarts(database, lobbies, rosters, teams, players, setup);
    this.ties = new Ties(database, tied, exits);
    this.alterations = new Alterations(database, lobbies, players, passwords, rules);
    this.watching = new Watching(database, lobbies, spectators, players);
  }

  @Override
  public Future<?> start() {
    arrivals = new Arrivals(context, database, players, entrances);
    departures = new Departures(context, database, players, exits);
    duties.every("lost members", LOOK_EVERY, ties::clear);
    duties.every("gone spectators", TIDY_EVERY, _ -> spectators.tidy(database));
    var exported = new ExportStore();
    return Future.all(
        bus.serve(LobbyCommand.ADDRESS, this::command),
        bus.serve(LobbyQuery.ADDRESS, this::query),
        bus.<Export>serve(Export.address("lobbies"), asked -> exported.lobbies(database, asked)));
  }

  private Object command(LobbyCommand<?> command) {
    return switch (command) {
      case Open open -> entrances.open(open);
      case OpenHostless open -> entrances.openHostless(open);
      case Join join -> Objects.requireNonNull(arrivals).join(join);
      case QuickJoin join -> entrances.quickJoin(join);
      case Change change -> alterations.change(change);
      case Leave leave -> Objects.requireNonNull(departures).leave(leave);
      case Kick(var by, var target) -> {
        exits.kick(by, target);
        yield Done.DONE;
      }
      case OpenTeams open -> teamPlay.open(open);
      case JoinTeam join -> teamPlay.join(join);
      case SetReady(var player, var ready) -> teamPlay.ready(player, ready);
      case FillBots(var by) -> teamPlay.fillBots(by);
      case StartMatch(var by) -> matchStarts.start(by);
      case Watch watch -> watching.watch(watch);
      case Unwatch(var connection) -> {
        watching.unwatch(connection);
        yield Done.DONE;
      }
    };
  }

  private Object query(LobbyQuery<?> query) {
    return switch (query) {
      case Show(var lobby) -> watching.show(lobby);
      case Find find -> teamPlay.find(find);
      case ListTeams(var max) -> teamPlay.list(max);
      case ListOpen(var filter, var page) -> LobbyListStore.list(database, filter, page);
    };
  }
}
