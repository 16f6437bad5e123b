package dev.rookery.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Event;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.base.Refusal.Missing;
import dev.rookery.base.Topic;
import dev.rookery.cluster.HeartbeatSettings;
import dev.rookery.notification.NotificationWriter;
import dev.rookery.player.Credentials;
import dev.rookery.player.LobbyMembership;
import dev.rookery.player.Player;
import dev.rookery.player.PlayerEvent;
import dev.rookery.player.Players;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.SeededIds;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestClusterMember;
import dev.rookery.testkit.TestStore;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who is online, on one node and on two, on both databases. */
final class PresenceTest {
  private static final LobbyId LOBBY = new LobbyId(5);

  private static final String ALL = "dev.rookery.testkit.Databases#all";
  private static final Duration NO_GRACE = Duration.ZERO;
  private static final Duration SHORT_GRACE = Duration.ofMillis(300);
  private static final Duration LONG_GRACE = Duration.ofHours(1);

  private final AtomicLong ahead = new AtomicLong();
  private final Told told = new Told();
  private final TestBus east = new TestBus();
  private final TestBus west = new TestBus();

  @AfterEach
  void close() {
    east.close();
    west.close();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void makesAPlayerOnlineWithTheFirstConnectionAndOfflineWithTheLast(TestStore store) {
    open(store, east, "east", NO_GRACE);
    var player = player(store, "phone");
    inLobby(store, player);
    store.clock().advance(Duration.ofSeconds(5));
    int before = store.published().size();

    var arrival = arrive(east, player, "1");
    assertThat(arrival.player().online()).isTrue();
    assertThat(arrival.player().lastSeenMs()).isEqualTo(store.clock().millis());
    assertThat(arrival.position()).isEqualTo(position(store, player));
    arrive(east, player, "2");
    depart(east, player, "1");
    assertThat(find(store, player).online()).isTrue();
    depart(east, player, "2");
    depart(east, player, "2");

    Eventually.holds(() -> presence(store, before).size() == 2);
    var left = find(store, player);
    assertThat(left.online()).isFalse();
    assertThat(events(store, before))
        .containsExactly(
            new PlayerEvent.Changed(arrival.player()),
            new PresenceEvent.Online(arrival.player()),
            new PlayerEvent.Changed(left),
            new PresenceEvent.Offline(left));
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void answersWhetherThereAreNotificationsForAnArrivingPlayer(TestStore store) {
    open(store, east, "east", NO_GRACE);
    var noticed = player(store, "phone");
    var other = player(store, "desk");
    store
        .database()
        .write(
            tx -> new NotificationWriter().put(tx, other, noticed, "title", "content", Map.of()));

    var arrival = arrive(east, noticed, "1");
    assertThat(arrival.hasNotifications()).isTrue();
    assertThat(arrival.position()).isEqualTo(position(store, noticed));
    assertThat(arrive(east, other, "2").hasNotifications()).isFalse();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void tellsListenersOnceOfEachChange(TestStore store) {
    open(store, east, "east", NO_GRACE);
    open(store, west, "west", NO_GRACE);
    var player = player(store, "phone");
    arrive(east, player, "1");
    arrive(east, player, "2");
    arrive(west, player, "3");
    leave(east, player, "1");
    leave(east, player, "2");
    leave(west, player, "3");
    assertThat(told.changes).containsExactly("online " + player, "offline " + player);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void makesAPlayerWhoLeavesDeliberatelyOfflineAtOnce(TestStore store) {
    open(store, east, "east", LONG_GRACE);
    var player = player(store, "phone");
    inLobby(store, player);
    arrive(east, player, "1");

    leave(east, player, "1");

    assertThat(find(store, player).online()).isFalse();
    assertThat(rows(store)).isZero();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void keepsAPlayerOnlineWhoComesBackInTheGracePeriod(TestStore store) {
    open(store, east, "east", SHORT_GRACE);
    open(store, west, "west", SHORT_GRACE);
    var here = player(store, "here");
    var there = player(store, "there");
    var gone = player(store, "gone");
    List.of(here, there, gone).forEach(player -> inLobby(store, player));
    List.of(here, there, gone).forEach(player -> arrive(east, player, "1"));
    int before = store.published().size();
    store.clock().advance(Duration.ofMinutes(1));
    long left = store.clock().millis();

    List.of(here, there, gone).forEach(player -> depart(east, player, "1"));
    store.clock().advance(Duration.ofMinutes(1));
    arrive(east, here, "2");
    arrive(west, there, "2");
    Eventually.holds(() -> !presence(store, before).isEmpty());
    Eventually.holds(() -> rows(store) == 2);

    assertThat(find(store, here).online()).isTrue();
    assertThat(find(store, there).online()).isTrue();
    assertThat(find(store, gone).lastSeenMs()).isEqualTo(left);
    assertThat(presenceOf(store, before, gone)).containsExactly(false);
    assertThat(presence(store, before)).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void keepsAPlayerOfTwoNodesOnlineUntilBothConnectionsEnd(TestStore store) {
    open(store, east, "east", NO_GRACE);
    open(store, west, "west", NO_GRACE);
    var player = player(store, "phone");
    inLobby(store, player);
    int before = store.published().size();

    arrive(east, player, "1");
    arrive(west, player, "2");
    leave(east, player, "1");
    assertThat(find(store, player).online()).isTrue();
    leave(west, player, "2");
    assertThat(find(store, player).online()).isFalse();
    assertThat(presence(store, before)).containsExactly(true, false);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void agreesInTheEndWhenTwoNodesAreSlow(TestStore store) {
    open(store, east, "east", NO_GRACE);
    open(store, west, "west", SHORT_GRACE);
    var players = IntStream.range(0, 4).mapToObj(i -> player(store, "d" + i)).toList();
    players.forEach(player -> inLobby(store, player));
    int before = store.published().size();

    var all = new ArrayList<Future<?>>();
    for (int round = 0; round < 10; round++) {
      String connection = "c" + round;
      boolean meant = round % 2 == 0;
      for (PlayerId player : players) {
        for (TestBus node : List.of(east, west)) {
          all.add(node.bus().ask(new PresenceCommand.Arrive(player, connection)));
          all.add(node.bus().ask(new PresenceCommand.Depart(player, connection, meant)));
        }
      }
    }
    TestBus.await(Future.all(all));
    Eventually.holds(() -> rows(store) == 0);

    for (PlayerId player : players) {
      assertThat(find(store, player).online()).isFalse();
      var seen = presenceOf(store, before, player);
      assertThat(seen).hasSizeGreaterThanOrEqualTo(2);
      for (int i = 0; i < seen.size(); i++) {
        assertThat(seen.get(i)).as("in and out in turn").isEqualTo(i % 2 == 0);
      }
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void makesPlayersOfADeadNodeOfflineUnlessTheyComeBackInTheGracePeriod(TestStore store) {
    TestClusterMember dead = open(store, east, "east", LONG_GRACE);
    var back = player(store, "comes back");
    var away = player(store, "was just leaving");
    var gone = player(store, "is gone");
    List.of(back, away, gone).forEach(player -> inLobby(store, player));
    List.of(back, away, gone).forEach(player -> arrive(east, player, "1"));
    depart(east, away, "1");
    int before = store.published().size();
    dead.close();

    TestClusterMember alive = open(store, west, "west", SHORT_GRACE);
    arrive(west, back, "2");
    bury(alive);
    Eventually.holds(() -> rows(store) == 1 && presence(store, before).size() == 2);

    assertThat(find(store, back).online()).isTrue();
    assertThat(presenceOf(store, before, back)).isEmpty();
    assertThat(presenceOf(store, before, away)).containsExactly(false);
    assertThat(presenceOf(store, before, gone)).containsExactly(false);
    assertThat(find(store, gone).lastSeenMs()).isLessThanOrEqualTo(store.clock().millis());
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void leavesTheGracePeriodToOtherNodesWhenANodeLeavesInOrder(TestStore store) {
    TestClusterMember leaves = open(store, east, "east", LONG_GRACE);
    TestClusterMember stays = open(store, west, "west", SHORT_GRACE);
    var player = player(store, "phone");
    inLobby(store, player);
    arrive(east, player, "1");
    depart(east, player, "1");
    int before = store.published().size();

    leaves.close();
    leaves.membership().leave();
    assertThat(find(store, player).online()).isTrue();
    stays.heartbeat();

    Eventually.holds(() -> !presence(store, before).isEmpty());
    assertThat(presenceOf(store, before, player)).containsExactly(false);
    assertThat(find(store, player).online()).isFalse();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void answersEachOfManyArrivalsByItself(TestStore store) {
    open(store, east, "east", NO_GRACE);
    var players = IntStream.range(0, 70).mapToObj(i -> player(store, "d" + i)).toList();
    players.subList(60, 70).forEach(player -> inLobby(store, player));
    int before = store.published().size();

    var asked = new ArrayList<Future<Arrival>>();
    players.forEach(one -> asked.add(east.bus().ask(new PresenceCommand.Arrive(one, "1"))));
    var nobody = east.bus().ask(new PresenceCommand.Arrive(new PlayerId(9_999), "1"));
    TestBus.await(Future.all(asked));

    assertThat(TestBus.refusal(nobody)).isEqualTo(new Missing("player_not_found"));
    for (int i = 0; i < players.size(); i++) {
      Arrival arrival = asked.get(i).result();
      assertThat(arrival.player()).isEqualTo(find(store, players.get(i)));
      assertThat(arrival.player().online()).isTrue();
      assertThat(arrival.position())
          .isEqualTo(i < 60 ? Position.START : position(store, players.get(i)));
    }
    assertThat(rows(store)).isEqualTo(players.size());
    assertThat(presence(store, before)).hasSize(10).containsOnly(true);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void makesManyPlayersOfflineWhoLeaveAtOnce(TestStore store) {
    open(store, east, "east", LONG_GRACE);
    open(store, west, "west", LONG_GRACE);
    var players = IntStream.range(0, 70).mapToObj(i -> player(store, "d" + i)).toList();
    players.forEach(player -> inLobby(store, player));
    players.forEach(player -> arrive(east, player, "1"));
    arrive(west, players.getFirst(), "2");
    int before = store.published().size();

    TestBus.await(
        Future.all(
            players.stream()
                .map(one -> east.bus().ask(new PresenceCommand.Depart(one, "1", true)))
                .toList()));

    assertThat(find(store, players.getFirst()).online()).as("still on another node").isTrue();
    assertThat(players.stream().skip(1)).noneMatch(player -> find(store, player).online());
    assertThat(rows(store)).isEqualTo(1);
    assertThat(presence(store, before)).hasSize(69).containsOnly(false);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void rejectsTheArrivalOfAnUnknownPlayer(TestStore store) {
    open(store, east, "east", NO_GRACE);
    assertThat(east.refusal(new PresenceCommand.Arrive(new PlayerId(99), "1")))
        .isEqualTo(new Missing("player_not_found"));
    leave(east, new PlayerId(99), "1");
    assertThat(rows(store)).isZero();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void letsPlayersArriveAtTheNextRunOfANodeDeclaredDead(TestStore store) {
    TestClusterMember paused = open(store, east, "east", SHORT_GRACE);
    long dead = paused.run();
    var before = player(store, "before");
    var after = player(store, "after");
    inLobby(store, before);
    arrive(east, before, "1");
    int posted = store.published().size();
    // As another node does with one that was silent for too long.
    store.database().write(tx -> tx.run("UPDATE node SET alive = 0").size());

    arrive(east, after, "2");

    assertThat(paused.run()).isNotEqualTo(dead);
    // A job whose lease was lost while it was being acquired is found by a later heartbeat.
    Eventually.holds(
        () -> {
          paused.heartbeat();
          return !presence(store, posted).isEmpty();
        });
    assertThat(presenceOf(store, posted, before)).containsExactly(false);
    // Its sockets are closed, and players who come back arrive again.
    arrive(east, before, "3");
    Eventually.holds(() -> presenceOf(store, posted, before).equals(List.of(false, true)));
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void letsManyPlayersArriveAtOnceAtANodeDeclaredDead(TestStore store) {
    open(store, east, "east", SHORT_GRACE);
    var players = IntStream.range(0, 20).mapToObj(i -> player(store, "p" + i)).toList();
    store.database().write(tx -> tx.run("UPDATE node SET alive = 0").size());

    var arriving =
        players.stream()
            .map(one -> east.bus().ask(new PresenceCommand.Arrive(one, "c" + one.value())))
            .toList();

    TestBus.await(Future.all(arriving));
    assertThat(arriving).allMatch(Future::succeeded);
  }

  /** Who came online and went offline, as other domains are told. */
  private static final class Told implements PresenceListener {
    private final List<String> changes = new CopyOnWriteArrayList<>();

    @Override
    public void onOnline(List<Player> players) {
      players.forEach(player -> changes.add("online " + player.id()));
    }

    @Override
    public void onOffline(List<Player> players) {
      players.forEach(player -> changes.add("offline " + player.id()));
    }
  }

  /** A node's presence; its membership beats when the test says so. */
  private TestClusterMember open(TestStore store, TestBus node, String name, Duration grace) {
    var member = TestClusterMember.join(store, name, () -> System.nanoTime() + ahead.get());
    node.deploy(
        new PresenceVerticle(
            node.bus(),
            store.database(),
            store.clock(),
            member.membership(),
            member.scheduler(),
            new PresenceSettings(grace),
            told));
    return member;
  }

  /** All others have been silent for so long that this member declares them dead. */
  private void bury(TestClusterMember alive) {
    alive.heartbeat();
    while (alive.membership().endedRuns().isEmpty()) {
      ahead.addAndGet(HeartbeatSettings.DEFAULT.interval().toNanos());
      alive.heartbeat();
    }
  }

  private static Arrival arrive(TestBus node, PlayerId player, String connection) {
    return node.ask(new PresenceCommand.Arrive(player, connection));
  }

  private static void depart(TestBus node, PlayerId player, String connection) {
    node.ask(new PresenceCommand.Depart(player, connection, false));
  }

  private static void leave(TestBus node, PlayerId player, String connection) {
    node.ask(new PresenceCommand.Depart(player, connection, true));
  }

  private static PlayerId player(TestStore store, String device) {
    var identities =
        new Credentials(store.clock(), new SeededIds(device.hashCode()), TestStore.DIGESTS);
    return store
        .database()
        .write(tx -> identities.findOrCreateByDevice(tx, Set.of(device)).get(device).player());
  }

  private static void inLobby(TestStore store, PlayerId player) {
    store
        .database()
        .write(
            tx ->
                new Players(store.clock())
                    .joinLobbies(tx, Map.of(player, new LobbyMembership(LOBBY, null))));
  }

  private static Player find(TestStore store, PlayerId player) {
    return new Players(store.clock()).find(store.database(), player);
  }

  private static long rows(TestStore store) {
    return store.database().read("SELECT COUNT(*) AS n FROM presence").row(0).number("n");
  }

  private static Position position(TestStore store, PlayerId player) {
    var row =
        store
            .database()
            .read("SELECT epoch, head FROM stream WHERE name = $1", Topic.player(player))
            .row(0);
    return new Position(row.number("epoch"), row.number("head"));
  }

  private static List<Event> events(TestStore store, int from) {
    return inOrder(store, from).map(CommittedEvent::event).toList();
  }

  /**
   * Events of two transactions may be published in either order; their positions tell which came
   * first.
   */
  private static java.util.stream.Stream<CommittedEvent> inOrder(TestStore store, int from) {
    return List.copyOf(store.published()).stream()
        .skip(from)
        .filter(posted -> posted.stream().equals(Topic.lobby(LOBBY)))
        .sorted(java.util.Comparator.comparingLong(posted -> posted.position().offset()));
  }

  private static List<Boolean> presence(TestStore store, int from) {
    return inOrder(store, from)
        .filter(posted -> posted.event() instanceof PresenceEvent)
        .map(posted -> posted.event() instanceof PresenceEvent.Online)
        .toList();
  }

  private static List<Boolean> presenceOf(TestStore store, int from, PlayerId player) {
    return inOrder(store, from)
        .map(CommittedEvent::event)
        .filter(
            event ->
                switch (event) {
                  case PresenceEvent.Online(var who) -> who.id().equals(player);
                  case PresenceEvent.Offline(var who) -> who.id().equals(player);
                  default -> false;
                })
        .map(event -> event instanceof PresenceEvent.Online)
        .toList();
  }
}
