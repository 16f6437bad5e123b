package dev.rookery.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.Event;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.base.Posted;
import dev.rookery.base.Refusal.Missing;
import dev.rookery.base.Topic;
import dev.rookery.player.Identities;
import dev.rookery.player.Player;
import dev.rookery.player.PlayerEvent;
import dev.rookery.player.Players;
import dev.rookery.testkit.SeededIds;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestStore;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who is here, from one node and from two, on both databases. */
final class PresenceTest {
  private static final LobbyId LOBBY = new LobbyId(5);

  private final TestBus east = new TestBus();
  private final TestBus west = new TestBus();

  @AfterEach
  void close() {
    east.close();
    west.close();
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void theFirstConnectionShowsAPlayerInAndTheLastOneOut(TestStore store) {
    open(store, east, "east");
    var player = player(store, "phone");
    inLobby(store, player);
    store.clock().advance(Duration.ofSeconds(5));
    int before = store.posted().size();

    var arrival = arrive(east, player, "1");
    assertThat(arrival.player().online()).isTrue();
    assertThat(arrival.player().lastSeenMs()).isEqualTo(store.clock().millis());
    assertThat(arrival.position()).isEqualTo(position(store, player));
    arrive(east, player, "2");
    depart(east, player, "1");
    assertThat(find(store, player).online()).isTrue();
    depart(east, player, "2");
    depart(east, player, "2");

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
  @MethodSource("dev.rookery.testkit.Databases#all")
  void aPlayerOnTwoNodesIsHereUntilBothSayOtherwise(TestStore store) {
    open(store, east, "east");
    open(store, west, "west");
    var player = player(store, "phone");
    inLobby(store, player);
    int before = store.posted().size();

    arrive(east, player, "1");
    arrive(west, player, "2");
    depart(east, player, "1");
    assertThat(find(store, player).online()).isTrue();
    depart(west, player, "2");
    assertThat(find(store, player).online()).isFalse();
    assertThat(presence(store, before)).containsExactly(true, false);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void twoNodesThatDisagreeInTimeAgreeInTheEnd(TestStore store) {
    open(store, east, "east");
    open(store, west, "west");
    var players = IntStream.range(0, 4).mapToObj(i -> player(store, "d" + i)).toList();
    players.forEach(player -> inLobby(store, player));
    int before = store.posted().size();

    var all = new ArrayList<Future<?>>();
    for (int round = 0; round < 10; round++) {
      String connection = "c" + round;
      for (PlayerId player : players) {
        for (TestBus node : List.of(east, west)) {
          all.add(node.bus().ask(new PresenceCommand.Arrive(player, connection)));
          all.add(node.bus().ask(new PresenceCommand.Depart(player, connection)));
        }
      }
    }
    TestBus.await(Future.all(all));

    assertThat(rows(store)).isZero();
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
  @MethodSource("dev.rookery.testkit.Databases#all")
  void aRestartedNodeShowsOutWhoDidNotComeBack(TestStore store) {
    var stayed = player(store, "stays");
    var went = player(store, "goes");
    inLobby(store, stayed);
    inLobby(store, went);
    // What a node that was killed left behind.
    leftBehind(store, stayed, "east");
    leftBehind(store, went, "east");
    int before = store.posted().size();

    open(store, east, "east");
    arrive(east, stayed, "1");
    until(() -> !find(store, went).online());

    assertThat(find(store, stayed).online()).isTrue();
    assertThat(presenceOf(store, before, went)).containsExactly(false);
    depart(east, stayed, "1");
    assertThat(find(store, stayed).online()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void aNodeThatLeavesInOrderTakesItsPlayersOut(TestStore store) {
    open(store, west, "west");
    String domain = open(store, east, "east");
    var player = player(store, "phone");
    inLobby(store, player);
    arrive(east, player, "1");

    TestBus.await(east.vertx().undeploy(domain));
    assertThat(find(store, player).online()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void nobodyArrivesWhoDoesNotExist(TestStore store) {
    open(store, east, "east");
    assertThat(east.refusal(new PresenceCommand.Arrive(new PlayerId(99), "1")))
        .isEqualTo(new Missing("player_not_found"));
    depart(east, new PlayerId(99), "1");
    assertThat(rows(store)).isZero();
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void whoIsGivenUpForDeadComesBackByItself(TestStore store) {
    open(store, east, "east");
    var player = player(store, "phone");
    inLobby(store, player);
    arrive(east, player, "1");
    int before = store.posted().size();
    // As another node does with one it has not heard of.
    store.database().write(tx -> tx.run("UPDATE presence_node SET alive = 0"));

    arrive(east, player(store, "tablet"), "2");
    until(() -> presence(store, before).isEmpty() && find(store, player).online());
    depart(east, player, "1");
    assertThat(find(store, player).online()).isFalse();
    assertThat(presenceOf(store, before, player)).containsExactly(false);
  }

  private static String open(TestStore store, TestBus node, String name) {
    return node.deploy(new PresenceVerticle(node.bus(), store.database(), store.clock(), name));
  }

  private static Arrival arrive(TestBus node, PlayerId player, String connection) {
    return node.ask(new PresenceCommand.Arrive(player, connection));
  }

  private static void depart(TestBus node, PlayerId player, String connection) {
    node.ask(new PresenceCommand.Depart(player, connection));
  }

  private static PlayerId player(TestStore store, String device) {
    var identities = new Identities(store.clock(), new SeededIds(device.hashCode()));
    return store
        .database()
        .write(tx -> identities.ofDevices(tx, Set.of(device)).get(device).player());
  }

  private static void inLobby(TestStore store, PlayerId player) {
    store.database().write(tx -> new Players(store.clock()).enter(tx, player, LOBBY));
  }

  private static void leftBehind(TestStore store, PlayerId player, String node) {
    store
        .database()
        .write(
            tx -> {
              new Players(store.clock()).arrive(tx, player);
              return tx.run(
                  "INSERT INTO presence (player_id, node, epoch, arrivals) VALUES ($1, $2, $3, $3)",
                  player.value(),
                  node,
                  1L);
            });
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
    return inOrder(store, from).map(Posted::event).toList();
  }

  /** Posts of two transactions may overtake each other; their places do not. */
  private static java.util.stream.Stream<Posted> inOrder(TestStore store, int from) {
    return store.posted().subList(from, store.posted().size()).stream()
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
        .map(Posted::event)
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

  private static void until(java.util.function.BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }
}
