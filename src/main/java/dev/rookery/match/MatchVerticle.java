package dev.rookery.match;

import dev.rookery.base.Ids;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.bus.OwnThread;
import dev.rookery.cluster.Membership;
import dev.rookery.game.Game;
import dev.rookery.game.GameOverdueException;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.lease.Leases;
import dev.rookery.match.LobbyRules.TakenSeat;
import dev.rookery.store.Database;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@link MatchCommand}s. What concerns one room is carried out by {@link RoomOwners}; the
 * rest reads and writes rows.
 */
public final class MatchVerticle extends VerticleBase {
  private static final Duration SLEEP_EVERY = Duration.ofSeconds(5);
  private static final Duration TICK_EVERY = Duration.ofMillis(100);
  private static final Duration OVERDUE_EVERY = Duration.ofSeconds(1);

  private static final int BATCH = 1_000;

  private final Bus bus;
  private final Database database;
  private final Leases leases;
  private final ClusterScheduler scheduler;
  private final Games games;
  private final RoomStores stores = new RoomStores();
  private final RoomDependencies rooms;
  private final RoomForwarder forwarder;
  private final RoomOwners owners;
  private final MatchQueries queries;
  private final Saves saves;
  private final ProfileStore profiles = new ProfileStore();
  private final GameStore deployedGames;
  private final @Nullable ProfileCalls profileCalls;
  private final ParkedProfileChanges parkedChanges;
  private final OverdueRooms overdue;
  private final RoomMaintenance maintenance;
  private final MatchExports exports;

  /**
   * @param games that rooms can be opened for
   * @param controlPlane that keeps the profiles of users; null if this server does
   * @param node the name of this node in the cluster
   */
  public MatchVerticle(
      Bus bus,
      Database database,
      Leases leases,
      Membership membership,
      ClusterScheduler scheduler,
      InstantSource clock,
      Ids ids,
      MeterRegistry meters,
      Games games,
      MatchSettings settings,
      @Nullable ControlPlane controlPlane,
      String node) {
    this.bus = bus;
    this.database = database;
    this.leases = leases;
    this.scheduler = scheduler;
    this.games = games;
    this.deployedGames = new GameStore(database);
    this.profileCalls =
        controlPlane == null ? null : new ProfileCalls(database, controlPlane, clock);
    this.parkedChanges = new ParkedProfileChanges(database, controlPlane != null);
    this.rooms =
        new RoomDependencies(
            database,
            stores,
            new ActionWriter(database, stores.matches(), controlPlane != null),
            this.games,
            new InitialProfiles(database, controlPlane),
            leases,
            membership::run,
            clock,
            ids,
            settings,
            RoomMeters.of(meters));
    this.forwarder = new RoomForwarder(bus, node);
    this.owners = new RoomOwners(rooms, membership, forwarder, settings.awakeFor());
    this.overdue =
        new OverdueRooms(
            database, stores.rooms(), clock, room -> owners.ask(new MatchCommand.Wake(room)));
    this.queries =
        new MatchQueries(
            database,
            stores,
            this.games,
            ids,
            room -> find(room).orElseThrow(() -> Refused.missing("unknown_room")));
    this.saves = new Saves(rooms);
    this.maintenance =
        new RoomMaintenance(
            database, stores, games, clock, settings.idleFor(), command -> owners.ask(command));
    this.exports = new MatchExports(database, stores.users());
    Gauge.builder("rookery.matches.loaded", owners, RoomOwners::count)
        .description("Rooms of matches in the memory of this node")
        .register(meters);
  }

  @Override
  public Future<?> start() {
    rooms.actions().start(context);
    leases.registerHandler(RoomOwners.KIND, owners, Thread::startVirtualThread);
    vertx.setPeriodic(SLEEP_EVERY.toMillis(), _ -> Thread.startVirtualThread(owners::sleepUnused));
    vertx.setPeriodic(TICK_EVERY.toMillis(), _ -> owners.wakeDue());
    scheduler.schedule("due matches", OVERDUE_EVERY, _ -> overdue.wakeAll());
    if (profileCalls != null) {
      profileCalls.schedule(scheduler);
    }
    RoomGauges.schedule(scheduler, database, stores.rooms());
    maintenance.schedule(scheduler);
    return Future.all(
        List.of(
            forwarder.listen(owners::serve),
            bus.<MatchCommand<?>>serve(MatchCommand.ADDRESS, this::handle),
            bus.<SaveCommand<?>>serve(
                SaveCommand.ADDRESS, command -> apart(() -> saves.carryOut(command))),
            bus.<MatchQuery<?>>serve(MatchQuery.ADDRESS, this::answer),
            bus.<ProfileChangeCommand<?>>serve(
                ProfileChangeCommand.ADDRESS, parkedChanges::carryOut),
            exports.serve(bus)));
  }

  private Object handle(MatchCommand<?> command) {
    return switch (command) {
      case MatchCommand.InRoom<?> inRoom -> apart(() -> owners.ask(inRoom));
      // The version of a game may have to be loaded first.
      case MatchCommand.DescribeGame describe -> apart(() -> game(describe.gameKey()).info());
      case MatchCommand.ListVersions _ -> apart(this::versions);
      case MatchCommand.Open open -> apart(() -> open(open));
      case MatchCommand.Find(var room) -> apart(() -> find(room));
      case MatchCommand.Forget(var player) -> apart(() -> forget(player));
    };
  }

  /** What admins ask, on a thread of its own: a match is computed again. */
  private Object answer(MatchQuery<?> query) {
    try {
      return OwnThread.<Object>runInScope("match query", () -> queries.answer(query)).await();
    } catch (GameOverdueException _) {
      throw UnplayableRoom.overdue();
    }
  }

  /** On a thread of its own: a command that waits for its room must not hold up the context. */
  private static Future<Object> apart(Callable<Object> work) {
    return OwnThread.runInScope("match command", work)
        .recover(
            failure ->
                Future.failedFuture(
                    failure instanceof GameOverdueException ? UnplayableRoom.overdue() : failure));
  }

  private Game game(@Nullable String gameKey) {
    return gameKey == null ? games.standard() : games.require(gameKey);
  }

  private List<String> versions() {
    Stream<GameVersion> deployed =
        deployedGames.all().stream()
            .sorted(
                Comparator.comparing(GameVersion::active)
                    .thenComparing(GameVersion::createdMs)
                    .reversed());
    return Stream.of(
            games.activeVersion(games.standardKey()).stream(),
            games.extensions().versions(),
            games.builtinVersions(),
            deployed.map(GameVersion::version))
        .flatMap(Function.identity())
        .distinct()
        .limit(MatchCommand.VERSIONS_MAX)
        .toList();
  }

  private RoomInfo open(MatchCommand.Open open) {
    LobbyRules lobby = LobbyRules.opened(game(open.gameKey()).info(), open.user());
    RoomRow row = rooms.newRoom(rooms.newRoomId(), lobby);
    database.write(
        tx -> {
          rooms.insertWithinLimit(tx, row);
          return true;
        });
    return lobby.info(row.room(), Set.of());
  }

  private Optional<RoomInfo> find(String room) {
    return stores
        .rooms()
        .find(database, room)
        .map(
            row -> {
              List<TakenSeat> seats = stores.seats().find(database, room);
              Set<String> connected =
                  stores.sockets().find(database, room).stream()
                      .map(RoomSocketStore.SocketRow::user)
                      .collect(Collectors.toSet());
              return LobbyRules.stored(
                      games.require(row.gameKey(), row.gameVersion()).info(), row, seats)
                  .info(room, connected);
            });
  }

  private Done forget(PlayerId player) {
    String user = MatchCommand.user(player);
    UserRoomStore users = stores.users();
    inRooms(
        after -> users.hosted(database, user, after, BATCH),
        room -> new MatchCommand.CloseRoom(room, user));
    inRooms(
        after -> users.seatedInLobbies(database, user, after, BATCH),
        room -> new MatchCommand.LeaveSeat(room, user));
    saves.forget(user);
    inRooms(
        after -> users.seatedInMatches(database, user, after, BATCH),
        room -> new MatchCommand.ForgetUser(room, user));
    database.write(
        tx -> {
          profiles.delete(tx, user);
          stores.users().deleteHost(tx, user);
          return true;
        });
    return Done.DONE;
  }

  /**
   * Carries out a command in each of many rooms.
   *
   * @param page the rooms after one, in the order of their ids; empty behind the last
   */
  private void inRooms(
      Function<String, List<String>> page, Function<String, MatchCommand.InRoom<?>> command) {
    List<String> rooms = page.apply("");
    while (!rooms.isEmpty()) {
      rooms.forEach(room -> owners.ask(command.apply(room)));
      rooms = page.apply(rooms.getLast());
    }
  }
}
