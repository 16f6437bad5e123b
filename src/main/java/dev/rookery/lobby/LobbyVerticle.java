package dev.rookery.lobby;

import dev.rookery.auth.PasswordHasher;
import dev.rookery.bus.Bus;
import dev.rookery.notification.NotificationWriter;
import dev.rookery.player.Export;
import dev.rookery.player.Players;
import dev.rookery.store.Database;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;

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
  private final Players players;
  private final NotificationWriter notifications;
  private final PasswordHasher passwords;
  private final LobbySetup setup;

  public LobbyVerticle(
      Bus bus,
      Database database,
      Players players,
      NotificationWriter notifications,
      PasswordHasher passwords,
      LobbySetup setup) {
    this.bus = bus;
    this.database = database;
    this.players = players;
    this.notifications = notifications;
    this.passwords = passwords;
    this.setup = setup;
  }

  @Override
  public Future<?> start() {
    var lobbies = new LobbyStore();
    var rules = new LobbyRules(setup.limits());
    var spectators = new SpectatorStore(setup.run());
    var rosters = new TeamStore();
    var teams = new Teams(rosters, players, setup);
    var batches = new Batches(context, database, players, setup.run());
    var entrances =
        new Entrances(batches, database, lobbies, players, teams, passwords, rules, setup);
    var exits = new Exits(batches, database, lobbies, players, teams, notifications);
    var sightings = new Sightings(context, database, rosters, players);
    var commands =
        new Commands(
            database,
            entrances,
            exits,
            new Alterations(database, lobbies, players, passwords, rules),
            new Watching(database, lobbies, spectators, players),
            sightings,
            new TeamPlay(batches, database, lobbies, rosters, teams, players, entrances, setup),
            new MatchStarts(batches, sightings, database, lobbies, rosters, players, setup));
    var ties = new Ties(database, players, exits::leave);
    setup.duties().schedule("lost members", LOOK_EVERY, _ -> ties.clear());
    setup.duties().schedule("gone spectators", TIDY_EVERY, _ -> spectators.tidy(database));
    var exported = new ExportStore();
    return Future.all(
        bus.serve(LobbyCommand.ADDRESS, commands::carryOut),
        bus.serve(LobbyQuery.ADDRESS, commands::answer),
        bus.<Export>serve(Export.address("lobbies"), asked -> exported.lobbies(database, asked)));
  }
}
