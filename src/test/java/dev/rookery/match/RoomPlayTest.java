package dev.rookery.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.base.Refused;
import dev.rookery.cluster.HeartbeatSettings;
import dev.rookery.game.CrazyEights;
import dev.rookery.game.Game;
import dev.rookery.match.MatchCommand.ActResult;
import dev.rookery.testkit.TestClusterMember;
import dev.rookery.testkit.TestStore;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bots, timeouts, profiles and options of a room, with crazy eights. */
final class RoomPlayTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";
  private static final String ROOM = "room_1";
  private static final Duration TURN = Duration.ofSeconds(30);

  private final AtomicLong nanos = new AtomicLong(7);
  private final Game game = CrazyEights.game();
  private final ProfileStore profiles = new ProfileStore();

  private TestClusterMember member(TestStore store, String node) {
    var member = TestClusterMember.join(store, node, nanos::get);
    member.heartbeat();
    return member;
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

  /** Ann against two bots. */
  private static void start(Room room) {
    room.carryOut(new MatchCommand.ConnectToLobby(ROOM, "ann", "socket 1"));
    room.carryOut(new MatchCommand.TakeSeat(ROOM, "ann", null, 0));
    room.carryOut(new MatchCommand.AssignBot(ROOM, "ann", 1, "careful"));
    room.carryOut(new MatchCommand.AssignBot(ROOM, "ann", 2, "random"));
    room.carryOut(new MatchCommand.SetReady(ROOM, "ann", true));
    room.carryOut(new MatchCommand.Start(ROOM, "ann"));
  }

  private static MatchView view(Room room) {
    return (MatchView) room.carryOut(new MatchCommand.View(ROOM));
  }

  /** Plays for Ann by letting her turns time out. */
  private static void playToTheEnd(TestStore store, Room room) {
    while (!view(room).snapshot().hasResult()) {
      if (!room.advance()) {
        store.clock().advance(TURN);
      }
    }
  }

  private JsonObject profileOfAnn(TestStore store) {
    var info = game.info();
    return profiles
        .find(store.database(), info.gameKey(), info.profile(), "ann")
        .map(JsonObject::new)
        .orElseGet(JsonObject::new);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aMatchWithBotsAndTimeoutsEndsTheSameWithAndWithoutTakeovers(TestStore store) {
    var first = member(store, "first");
    var second = member(store, "second");
    Room room = TestRooms.own(store, first, ROOM, game);
    start(room);
    store.clock().advance(TURN);
    for (int i = 0; i < 40 && !view(room).snapshot().hasResult(); i++) {
      if (!room.advance()) {
        store.clock().advance(TURN);
      }
    }
    MatchView before = view(room);
    declareOthersDead(second);

    Room taken = TestRooms.own(store, second, ROOM, game);

    assertThat(view(taken)).isEqualTo(before);
    playToTheEnd(store, taken);
    assertThatThrownBy(room::advance).isInstanceOf(Refused.class);
    assertThat(profileOfAnn(store).getInteger("played")).isEqualTo(1);
    RoomRow row = new RoomStore().find(store.database(), ROOM).orElseThrow();
    assertThat(row.wake()).isNull();
    assertThat(taken.wakeAt()).isNull();
    assertThat(new RoomStore().countByPhase(store.database())).containsEntry("finished", 1L);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aRoomThatWaitsForItsTurnIsFoundWhenTheDeadlineIsOver(TestStore store) {
    Room room = TestRooms.own(store, member(store, "first"), ROOM, game);
    start(room);
    var rooms = new RoomStore();
    long now = store.clock().instant().toEpochMilli();

    assertThat(room.wakeAt()).isEqualTo(now + TURN.toMillis());
    assertThat(rooms.due(store.database(), now + TURN.toMillis() - 1, 10)).isEmpty();
    assertThat(rooms.due(store.database(), now + TURN.toMillis(), 10)).containsExactly(ROOM);
    assertThat(room.advance()).isFalse();
    store.clock().advance(TURN);
    assertThat(room.advance()).isTrue();
    assertThat(new JsonObject(view(room).log().getFirst()).getString("event"))
        .isEqualTo("__timeout");
    // A bot is next, so the room is found at once.
    assertThat(rooms.due(store.database(), now + TURN.toMillis(), 10)).containsExactly(ROOM);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aBotThatWaitsLongerThanTheTurnLastsTimesOut(TestStore store) {
    var slow = new UnreliableGame(game);
    slow.botDelayMs = TURN.toMillis() * 2;
    Room room = TestRooms.own(store, member(store, "first"), ROOM, slow);
    start(room);
    store.clock().advance(TURN);
    assertThat(room.advance()).isTrue();

    assertThat(room.advance()).isFalse();

    assertThat(room.wakeAt()).isEqualTo(store.clock().instant().plus(TURN).toEpochMilli());
    store.clock().advance(TURN);
    assertThat(room.advance()).isTrue();
    assertThat(new JsonObject(view(room).log().getLast()).getString("event"))
        .isEqualTo("__timeout");
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aBotThatFailedIsAskedAgainWhenAPlayerConnects(TestStore store) {
    var unreliable = new UnreliableGame(game);
    Room room = TestRooms.own(store, member(store, "first"), ROOM, unreliable);
    start(room);
    store.clock().advance(TURN);
    assertThat(room.advance()).isTrue();
    unreliable.botsFail = true;
    assertThat(room.advance()).isFalse();
    unreliable.botsFail = false;
    assertThat(room.advance()).isFalse();

    room.carryOut(new MatchCommand.ConnectToMatch(ROOM, "ann", "0", "socket 2"));

    assertThat(room.advance()).isTrue();
    assertThat(view(room).log()).hasSize(2);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aSecondMatchInARoomPaysNothingAgain(TestStore store) {
    Room room = TestRooms.own(store, member(store, "first"), ROOM, game);
    start(room);
    playToTheEnd(store, room);

    room.carryOut(new MatchCommand.Reset(ROOM, "ann"));

    assertThat(view(room).revision()).isZero();
    playToTheEnd(store, room);
    assertThat(profileOfAnn(store).getInteger("played")).isEqualTo(1);
    room.carryOut(new MatchCommand.ReturnToLobby(ROOM, "ann"));
    assertThatThrownBy(() -> view(room)).hasMessageContaining("room_not_started");
    assertThatThrownBy(() -> room.carryOut(new MatchCommand.Start(ROOM, "ann")))
        .hasMessageContaining("not_ready");
    assertThatThrownBy(() -> room.carryOut(new MatchCommand.Reset(ROOM, "ann")))
        .hasMessageContaining("match_not_active");
    assertThatThrownBy(() -> room.carryOut(new MatchCommand.Reset(ROOM, "bob")))
        .hasMessageContaining("not_host");
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void checksBotsAndOptions(TestStore store) {
    Room room = TestRooms.own(store, member(store, "first"), ROOM, game);
    room.carryOut(new MatchCommand.ConnectToLobby(ROOM, "ann", "socket 1"));
    room.carryOut(new MatchCommand.TakeSeat(ROOM, "ann", null, 0));

    expectRefused(room, new MatchCommand.AssignBot(ROOM, "bob", 1, "random"), "not_host");
    expectRefused(room, new MatchCommand.AssignBot(ROOM, "ann", 1, "none"), "unknown_bot");
    expectRefused(room, new MatchCommand.AssignBot(ROOM, "ann", 0, "random"), "seat_has_human");
    room.carryOut(new MatchCommand.AssignBot(ROOM, "ann", 1, "random"));
    expectRefused(room, new MatchCommand.TakeSeat(ROOM, "bob", null, 1), "seat_has_bot");
    expectRefused(room, new MatchCommand.SetConfig(ROOM, "ann", "cards", "9"), "above_max: 7");
    expectRefused(room, new MatchCommand.SetConfig(ROOM, "ann", "suit", "9"), "unknown_key");
    room.carryOut(new MatchCommand.SetReady(ROOM, "ann", true));
    room.carryOut(new MatchCommand.SetConfig(ROOM, "ann", "cards", "3"));
    expectRefused(room, new MatchCommand.Start(ROOM, "ann"), "not_ready");
    room.carryOut(new MatchCommand.SetReady(ROOM, "ann", true));
    room.carryOut(new MatchCommand.Start(ROOM, "ann"));

    assertThat(new JsonObject(view(room).snapshot().views().get("0")).getJsonArray("hand"))
        .hasSize(3);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aRoomSleepsWhileACallOfItsGameTakesTooLong(TestStore store) {
    var slow = new UnreliableGame(game);
    var running = new AtomicBoolean(true);
    RoomDependencies with = TestRooms.dependencies(store, member(store, "first"), slow);
    Room room = own(with, ROOM);
    start(room);
    slow.overdue = running::get;

    ActResult result = draw(room, "1");

    assertThat(result).isEqualTo(new ActResult(0, "invalid_event", "game_overdue", null));
    assertThat(room.isOverdue()).isTrue();
    assertThat(room.wakeAt()).isNull();
    slow.overdue = null;
    assertThat(draw(room, "2").reason()).isEqualTo("game_overdue");
    expectRefused(room, new MatchCommand.View(ROOM), "game_overdue");
    expectRefused(
        room, new MatchCommand.ConnectToMatch(ROOM, "ann", "0", "socket 2"), "game_overdue");
    assertThatThrownBy(room::advance).hasMessage("game_overdue");
    room.carryOut(new MatchCommand.Disconnect(ROOM, "socket 1", true));
    room.carryOut(new MatchCommand.RemoveDeadSockets(ROOM));
    var other = own(with, "room_2");
    other.carryOut(new MatchCommand.ConnectToLobby("room_2", "bob", "socket 3"));

    running.set(false);

    assertThat(view(room).log()).isEmpty();
    assertThat(draw(room, "3").error()).isNull();
    assertThat(room.isOverdue()).isFalse();
    assertThat(room.wakeAt()).isNotNull();
  }

  private static Room own(RoomDependencies with, String room) {
    return new Room(with, room, with.leases().acquire("match/" + room).orElseThrow());
  }

  private static ActResult draw(Room room, String request) {
    return (ActResult)
        room.carryOut(new MatchCommand.Act(ROOM, "0", "draw", "null", null, "c", request));
  }

  private static void expectRefused(Room room, MatchCommand.InRoom<?> command, String code) {
    assertThatThrownBy(() -> room.carryOut(command)).isInstanceOf(Refused.class).hasMessage(code);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aPlayerWhoSendsTooMuchIsToldSo(TestStore store) {
    Room room = TestRooms.own(store, member(store, "first"), ROOM, game);
    start(room);
    ActResult last = null;
    for (int i = 0; i < 11; i++) {
      last =
          (ActResult)
              room.carryOut(
                  new MatchCommand.Act(ROOM, "0", "play", "{}", null, "client", "request " + i));
    }

    assertThat(last.reason()).isEqualTo("too_many_actions");
    store.clock().advance(Duration.ofSeconds(1));
    var next =
        (ActResult)
            room.carryOut(new MatchCommand.Act(ROOM, "0", "draw", "null", null, "client", "next"));
    assertThat(next.error()).isNull();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void manyRequestsAtOnceOpenNoMoreRoomsThanAllowed(TestStore store) throws InterruptedException {
    var with = TestRooms.dependencies(store, member(store, "first"), game);
    var refused = new ConcurrentLinkedQueue<String>();
    int requests = 20;
    var done = new CountDownLatch(requests);
    for (int i = 0; i < requests; i++) {
      RoomRow row = with.newRoom("room " + i, LobbyRules.opened(game.info(), "ann"));
      Thread.startVirtualThread(
          () -> {
            try {
              store
                  .database()
                  .write(
                      tx -> {
                        with.insertWithinLimit(tx, row);
                        return true;
                      });
            } catch (Refused tooMany) {
              refused.add(tooMany.refusal().code());
            } finally {
              done.countDown();
            }
          });
    }
    done.await();

    assertThat(refused).hasSize(requests - 5).containsOnly("too_many_rooms");
    assertThat(with.stores().users().countHosted(store.database(), "ann")).isEqualTo(5);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aDeletedUserLeavesNeitherProfileNorName(TestStore store) {
    Room room = TestRooms.own(store, member(store, "first"), ROOM, game);
    start(room);

    room.carryOut(new MatchCommand.ForgetUser(ROOM, "ann"));

    playToTheEnd(store, room);
    assertThat(profileOfAnn(store)).isEqualTo(new JsonObject());
    assertThat(new SeatStore().find(store.database(), ROOM).getFirst().user()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void noPlayerSeesTheHandOfAnother(TestStore store) {
    Room room = TestRooms.own(store, member(store, "first"), ROOM, game);
    start(room);

    var snapshot = view(room).snapshot();

    JsonArray own = new JsonObject(snapshot.views().get("0")).getJsonArray("hand");
    for (Object card : own) {
      assertThat(snapshot.views().get("1")).doesNotContain("\"" + card + "\"");
      assertThat(snapshot.publicView() + snapshot.derived()).doesNotContain("\"" + card + "\"");
    }
  }
}
