package dev.rookery.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.base.Refused;
import dev.rookery.bus.CommandScope;
import dev.rookery.bus.Done;
import dev.rookery.cluster.HeartbeatSettings;
import dev.rookery.game.TicTacToe;
import dev.rookery.match.MatchCommand.ActResult;
import dev.rookery.store.RecordedDatabase;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestClusterMember;
import dev.rookery.testkit.TestStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The takeover of a room by another node. */
final class RoomTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";
  private static final String ROOM = "room_1";

  private final AtomicLong nanos = new AtomicLong(7);

  private TestClusterMember member(TestStore store, String node) {
    var member = TestClusterMember.join(store, node, nanos::get);
    member.heartbeat();
    return member;
  }

  private static Room room(TestStore store, TestClusterMember owner) {
    return TestRooms.own(store, owner, ROOM, TicTacToe.game());
  }

  private void declareOthersDead(TestClusterMember alive) {
    Duration beat = HeartbeatSettings.DEFAULT.interval();
    alive.heartbeat();
    for (Duration silent = beat.negated();
        silent.compareTo(HeartbeatSettings.DEFAULT.timeout()) <= 0;
        silent = silent.plus(beat)) {
      nanos.addAndGet(beat.toNanos());
      alive.heartbeat();
    }
  }

  private static void start(Room room) {
    room.carryOut(new MatchCommand.ConnectToLobby(ROOM, "ann", "socket 1"));
    room.carryOut(new MatchCommand.ConnectToLobby(ROOM, "bob", "socket 2"));
    room.carryOut(new MatchCommand.TakeSeat(ROOM, "ann", null, 0));
    room.carryOut(new MatchCommand.TakeSeat(ROOM, "bob", null, 1));
    room.carryOut(new MatchCommand.SetReady(ROOM, "ann", true));
    room.carryOut(new MatchCommand.SetReady(ROOM, "bob", true));
    room.carryOut(new MatchCommand.Start(ROOM, "ann"));
  }

  private static ActResult place(Room room, String player, int row, int col, String request) {
    var payload = "{\"row\":%d,\"col\":%d}".formatted(row, col);
    return (ActResult)
        room.carryOut(
            new MatchCommand.Act(ROOM, player, "placeMark", payload, null, "client", request));
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void carriesOutACommandThatIsSentAgainOnce(TestStore store) {
    var first = member(store, "first");
    var second = member(store, "second");
    Room old = room(store, first);
    start(old);
    place(old, "0", 0, 0, "request 1");
    var reset = new MatchCommand.Reset(ROOM, "ann");
    assertThat(((MatchView) old.carryOut(reset, "a-reset")).revision()).isZero();
    place(old, "0", 1, 1, "request 2");
    assertThat(((MatchView) old.carryOut(reset, "a-reset")).revision()).isEqualTo(1);
    var goBack = new MatchCommand.ReturnToLobby(ROOM, "ann");
    old.carryOut(goBack, "a-return");
    declareOthersDead(second);

    Room taken = room(store, second);

    assertThat(taken.carryOut(goBack, "a-return")).isEqualTo(Done.DONE);
    assertThatThrownBy(() -> taken.carryOut(goBack, "another-return"))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("match_not_active");
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aNewOwnerGoesOnWhereTheOldOneEndedAndTheOldOneWritesNothing(TestStore store) {
    var first = member(store, "first");
    var second = member(store, "second");
    Room old = room(store, first);
    start(old);
    place(old, "0", 0, 0, "request 1");
    place(old, "1", 1, 1, "request 2");
    var seen = (MatchView) old.carryOut(new MatchCommand.View(ROOM));
    declareOthersDead(second);

    Room taken = room(store, second);

    assertThat(taken.carryOut(new MatchCommand.View(ROOM))).isEqualTo(seen);
    assertThatThrownBy(() -> place(old, "0", 2, 2, "request 3"))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("not_owner");
    assertThat(place(taken, "0", 0, 1, "request 4").revision()).isEqualTo(3);
    assertThat(((MatchView) taken.carryOut(new MatchCommand.View(ROOM))).log()).hasSize(3);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aRepeatedRequestIsAnsweredAgainAndAppliedOnce(TestStore store) {
    var first = member(store, "first");
    var second = member(store, "second");
    Room old = room(store, first);
    start(old);
    ActResult accepted = place(old, "0", 0, 0, "request 1");
    assertThat(place(old, "0", 0, 0, "request 1")).isEqualTo(accepted);
    declareOthersDead(second);

    Room taken = room(store, second);

    assertThat(place(taken, "0", 0, 0, "request 1")).isEqualTo(accepted);
    assertThat(((MatchView) taken.carryOut(new MatchCommand.View(ROOM))).revision()).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void anActionWhoseSnapshotCannotBeTakenLeavesTheMatchAsItWas(TestStore store) {
    var game = new UnreliableGame(CountingGame.create());
    Room room = TestRooms.own(store, member(store, "first"), ROOM, game);
    start(room);
    for (int number = 1; number < MatchLog.SNAPSHOT_EVERY; number++) {
      roll(store, room, number);
    }
    var before = (MatchView) room.carryOut(new MatchCommand.View(ROOM));
    game.stateFails = true;

    assertThatThrownBy(() -> roll(store, room, MatchLog.SNAPSHOT_EVERY))
        .isInstanceOf(IllegalStateException.class);

    assertThat(room.carryOut(new MatchCommand.View(ROOM))).isEqualTo(before);
    game.stateFails = false;
    assertThat(roll(store, room, MatchLog.SNAPSHOT_EVERY).error()).isNull();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void acceptsNoActionWhenTheRecordsAreTooLong(TestStore store) {
    Room room = TestRooms.own(store, member(store, "first"), ROOM, CountingGame.create());
    start(room);
    String payload = "\"" + "x".repeat(MatchCommand.PAYLOAD_MAX - 2) + "\"";
    int accepted = 0;
    ActResult last = roll(store, room, 1, payload);
    while (last.error() == null) {
      accepted++;
      last = roll(store, room, accepted + 1, payload);
    }

    assertThat(last.reason()).isEqualTo("log_full");
    int payloads = MatchLog.RECORDS_MAX / MatchCommand.PAYLOAD_MAX;
    assertThat(accepted).isBetween(payloads - 4, payloads);
  }

  private static ActResult roll(TestStore store, Room room, int number) {
    return roll(store, room, number, "null");
  }

  private static ActResult roll(TestStore store, Room room, int number, String payload) {
    // A player has only so many actions in a second.
    store.clock().advance(Duration.ofSeconds(1));
    String player = number % 2 == 1 ? "0" : "1";
    return (ActResult)
        room.carryOut(
            new MatchCommand.Act(ROOM, player, "roll", payload, null, "c", "request " + number));
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aNodeThatCannotLoadTheGameLeavesTheRoomToOthers(TestStore store) {
    var owner = member(store, "first");
    start(room(store, owner));
    assertThat(owner.leases().findOwner("match/" + ROOM)).isPresent();
    try (var bus = new TestBus()) {
      var owners =
          new RoomOwners(
              TestRooms.dependencies(store, owner, CountingGame.create()),
              owner.membership(),
              new RoomForwarder(bus.bus(), "first"),
              Duration.ofMinutes(1));

      assertThatThrownBy(() -> owners.ask(new MatchCommand.View(ROOM)))
          .hasMessageContaining("game_not_loaded");

      assertThat(owners.count()).isZero();
      assertThat(owner.leases().findOwner("match/" + ROOM)).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void writesTheEntryOfACommandBeforeAnotherNodeCarriesItOut(TestStore store) {
    var owner = member(store, "first");
    var other = member(store, "second");
    start(room(store, owner));
    var entries = new ArrayList<CommandScope>();
    var recorded =
        new RecordedDatabase(
            store.database(), store.database(), (_, scopes) -> entries.addAll(scopes));
    try (var bus = new TestBus()) {
      var forwarder = new RoomForwarder(bus.bus(), "second");
      var owners =
          new RoomOwners(
              TestRooms.dependencies(store, recorded, other, CountingGame.create(), null),
              other.membership(),
              forwarder,
              Duration.ofMinutes(1));
      TestBus.await(forwarder.listen(owners::serve));
      var atOwner = new RoomForwarder(bus.bus(), "first");
      var entriesBefore = new ArrayList<Integer>();
      TestBus.await(
          atOwner.listen(
              (_, _) -> {
                entriesBefore.add(entries.size());
                return Done.DONE;
              }));
      var scope = new OneEntry();

      CommandScope.call(scope, () -> owners.ask(new MatchCommand.CloseRoom(ROOM, "ann")));

      assertThat(entriesBefore).containsExactly(1);
      assertThat(entries).containsExactly(scope);
    }
  }

  private static final class OneEntry implements CommandScope {
    private boolean recorded;

    @Override
    public boolean needsRecord() {
      return !recorded;
    }

    @Override
    public void recorded() {
      recorded = true;
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void usersLeaveARoomWhoseGameIsGone(TestStore store) {
    var owner = member(store, "first");
    start(room(store, owner));
    Room broken = TestRooms.own(store, owner, ROOM, CountingGame.create());
    assertThatThrownBy(() -> broken.carryOut(new MatchCommand.View(ROOM)))
        .hasMessageContaining("game_not_loaded");

    assertThatThrownBy(() -> broken.carryOut(new MatchCommand.LeaveSeat(ROOM, "bob")))
        .as("seats of a match stay")
        .hasMessageContaining("game_not_loaded");
    broken.carryOut(new MatchCommand.ForgetUser(ROOM, "bob"));
    broken.carryOut(new MatchCommand.Disconnect(ROOM, "socket 2", true));
    broken.carryOut(new MatchCommand.CloseRoom(ROOM, "ann"));

    var stores = new RoomStores();
    assertThat(stores.sockets().find(store.database(), ROOM))
        .extracting(RoomSocketStore.SocketRow::socket)
        .containsExactly("socket 1");
    assertThat(stores.seats().find(store.database(), ROOM))
        .extracting(LobbyRules.TakenSeat::user)
        .containsExactly("ann", "");
    assertThat(stores.rooms().find(store.database(), ROOM).orElseThrow().phase())
        .isEqualTo(Phase.CLOSED);
    assertThatThrownBy(() -> broken.carryOut(new MatchCommand.CloseRoom(ROOM, "bob")))
        .hasMessageContaining("game_not_loaded");
  }
}
