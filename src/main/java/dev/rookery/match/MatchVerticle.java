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
import dev.rookery.game.StoredGames.StoredGame;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.lease.Leases;
import dev.rookery.match.LobbyRules.TakenSeat;
import dev.rookery.match.ProfileStore.ProfileOfUser;
import dev.rookery.match.UserRoomStore.RoomOfUser;
import dev.rookery.player.Export;
import dev.rookery.store.Database;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@link MatchCommand}s. What concerns one room is carried out by {@link RoomOwners}; the
 * rest reads and writes rows.
 */
public final class MatchVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(MatchVerticle.class);
  private static final Duration SLEEP_EVERY = Duration.ofSeconds(5);
  private static final Duration DELETE_EVERY = Duration.ofMinutes(1);
  private static final Duration DEAD_SOCKETS_EVERY = Duration.ofSeconds(5);

  /** Clients of a node that was killed have this time to connect to another one. */
  private static final Duration RECONNECT_WITHIN = Duration.ofSeconds(20);

  private static final Duration TICK_EVERY = Duration.ofMillis(100);
  private static final Duration OVERDUE_EVERY = Duration.ofSeconds(1);

  private static final int BATCH = 1_000;
  private static final String ROOM = "room";

  private final Bus bus;
  private final Database database;
  private final Leases leases;
  private final InstantSource clock;
  private final Ids ids;
  private final ClusterScheduler scheduler;
  private final MatchSettings settings;
  private final Games games;
  private final RoomStores stores = new RoomStores();
  private final RoomDependencies rooms;
  private final RoomForwarder forwarder;
  private final RoomOwners owners;
  private final MatchQueries queries;
  private final Saves saves;
  private final Map<String, Long> deadSince = new HashMap<>();
  private final ProfileStore profiles = new ProfileStore();
  private final GameStore deployedGames;
  private final @Nullable ProfileCalls profileCalls;
  private final ParkedProfileChanges parkedChanges;
  private final OverdueRooms overdue;

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
    this.clock = clock;
    this.ids = ids;
    this.scheduler = scheduler;
    this.settings = settings;
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
    scheduler.schedule("unused matches", DELETE_EVERY, _ -> deleteUnused());
    scheduler.schedule("unused versions of games", DELETE_EVERY, _ -> forgetUnusedVersions());
    scheduler.schedule("dead match sockets", DEAD_SOCKETS_EVERY, _ -> removeDeadSockets());
    return Future.all(
        List.of(
            forwarder.listen(owners::serve),
            bus.<MatchCommand<?>>serve(MatchCommand.ADDRESS, this::handle),
            bus.<SaveCommand<?>>serve(
                SaveCommand.ADDRESS, command -> apart(() -> saves.carryOut(command))),
            bus.<MatchQuery<?>>serve(
                MatchQuery.ADDRESS, query -> apart(() -> queries.answer(query))),
            bus.<ProfileChangeCommand<?>>serve(
                ProfileChangeCommand.ADDRESS, parkedChanges::carryOut),
            bus.<Export>serve(Export.address("matches"), this::export),
            bus.<Export>serve(Export.address("game_profiles"), this::exportProfiles)));
  }

  private Object handle(MatchCommand<?> command) {
    return switch (command) {
      case MatchCommand.InRoom<?> inRoom -> askOwner(inRoom);
      // The version of a game may have to be loaded first.
      case MatchCommand.DescribeGame describe -> apart(() -> game(describe.gameKey()).info());
      case MatchCommand.ListVersions _ -> apart(this::versions);
      case MatchCommand.Open open -> apart(() -> open(open));
      case MatchCommand.Find(var room) -> apart(() -> find(room));
      case MatchCommand.Forget(var player) -> apart(() -> forget(player));
    };
  }

  private Object askOwner(MatchCommand.InRoom<?> command) {
    return apart(() -> owners.ask(command));
  }

  /** On a thread of its own: a command that waits for its room must not hold up the context. */
  private static Object apart(Callable<Object> work) {
    try {
      return OwnThread.run("match command", work).await();
    } catch (GameOverdueException _) {
      throw UnplayableRoom.overdue();
    }
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
    RoomRow row = rooms.newRoom("room_" + ids.uuid(), lobby);
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
              List<TakenSeat> seats = stores.rooms().seats(database, room);
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

  /** Jars are kept for the rooms that play their games. */
  private void forgetUnusedVersions() {
    for (StoredGame game : games.stored().replaced()) {
      if (!deployedGames.isInUse(game.gameKey(), game.version())) {
        games.stored().forget(game);
      }
    }
  }

  private void deleteUnused() {
    long before = clock.instant().minus(settings.idleFor()).toEpochMilli();
    for (String room : stores.rooms().unused(database, before, BATCH)) {
      database.write(tx -> stores.rooms().deleteUnused(tx, room, before));
    }
  }

  private void removeDeadSockets() {
    List<String> dead = stores.sockets().roomsWithDeadSockets(database, BATCH);
    deadSince.keySet().retainAll(dead);
    long now = System.nanoTime();
    for (String room : dead) {
      long since = deadSince.computeIfAbsent(room, _ -> now);
      if (now - since >= RECONNECT_WITHIN.toNanos()) {
        removeDeadSockets(room);
      }
    }
  }

  /** A room in which this fails must not keep the others from being looked at. */
  private void removeDeadSockets(String room) {
    try {
      owners.ask(new MatchCommand.RemoveDeadSockets(room));
    } catch (RuntimeException failed) {
      LOG.warn("the sockets of ended nodes could not be removed from a room", failed);
    }
  }

  private Export.Part export(Export asked) {
    String after = asked.after() == null ? "" : asked.after();
    List<JsonObject> rows =
        stores
            .users()
            .ofUser(database, MatchCommand.user(asked.player()), after, Export.ROWS_MAX)
            .stream()
            .map(MatchVerticle::exported)
            .toList();
    return Export.Part.of(rows, row -> row.getString(ROOM));
  }

  private static JsonObject exported(RoomOfUser room) {
    return new JsonObject()
        .put(ROOM, room.room())
        .put("game", room.gameKey())
        .put("phase", room.phase())
        .put("host", room.host())
        .put("created_at", Export.time(room.createdMs()));
  }

  private Export.Part exportProfiles(Export asked) {
    String after = asked.after() == null ? "" : asked.after();
    String user = MatchCommand.user(asked.player());
    List<JsonObject> rows =
        profiles.ofUser(database, user, after, Export.ROWS_MAX).stream()
            .map(MatchVerticle::exported)
            .toList();
    return Export.Part.of(rows, row -> row.getString("game") + "/" + row.getString("version"));
  }

  private static JsonObject exported(ProfileOfUser profile) {
    return new JsonObject()
        .put("game", profile.gameKey())
        .put("version", profile.schemaVersion())
        .put("data", Json.decodeValue(profile.data()))
        .put("updated_at", Export.time(profile.updatedMs()));
  }
}
