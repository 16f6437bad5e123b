package dev.rookery.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.rookery.lease.Lease;
import dev.rookery.match.ControlPlane.Reply;
import dev.rookery.match.MatchCommand.ActResult;
import dev.rookery.match.ProfileChangeCommand.ParkedPage;
import dev.rookery.match.ProfileChangeCommand.ParkedProfileChange;
import dev.rookery.testkit.KilledDatabase;
import dev.rookery.testkit.TestClusterMember;
import dev.rookery.testkit.TestStore;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What matches change in profiles, in the rows of this server and at a control plane. */
final class ProfileCommitTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";

  /** A control plane in memory, which applies a change once for room, action and user. */
  private static final class StandIn implements ControlPlane {
    private final List<JsonObject> commits = new ArrayList<>();
    private final List<JsonObject> hydrates = new ArrayList<>();
    private final Set<String> applied = new HashSet<>();

    /** What it answers next to changes of ann; it applies them when there is nothing. */
    private final Deque<Future<Reply>> next = new ArrayDeque<>();

    @Override
    public synchronized Future<Reply> post(String path, JsonObject body) {
      if (path.equals("/api/profiles/hydrate")) {
        hydrates.add(body);
        return Future.succeededFuture(
            new Reply(
                200,
                new JsonObject(
                    "{\"profiles\":[{\"userID\":\"ann\",\"data\":{\"coins\":7,\"played\":1}}]}")));
      }
      assertThat(path).isEqualTo("/api/profiles/commit");
      commits.add(body);
      Future<Reply> answer = body.getString("userID").equals("ann") ? next.poll() : null;
      return answer == null ? answer(applied.add(key(body)) ? "applied" : "duplicate") : answer;
    }

    private static String key(JsonObject body) {
      return body.getString("roomID")
          + " "
          + body.getString("actionID", "end")
          + " "
          + body.getString("userID");
    }

    private static Future<Reply> status(int status) {
      return Future.succeededFuture(new Reply(status, new JsonObject()));
    }

    private static Future<Reply> answer(String status) {
      return Future.succeededFuture(
          new Reply(200, JsonObject.of("status", status, "currentRevision", 12)));
    }
  }

  /** A run of a node until it is killed. */
  private record Run(
      TestStore store,
      ControlPlane plane,
      KilledDatabase database,
      TestClusterMember member,
      RoomDependencies with) {
    static Run of(TestStore store, ControlPlane plane) {
      var member = TestClusterMember.join(store, "node");
      member.heartbeat();
      return of(store, plane, member);
    }

    private static Run of(TestStore store, ControlPlane plane, TestClusterMember member) {
      var database = new KilledDatabase(store.database());
      return new Run(
          store,
          plane,
          database,
          member,
          TestRooms.dependencies(store, database, member, RewardGame.create(), plane));
    }

    /** The next run, which has nothing of this one in its memory. */
    Run next() {
      member.heartbeat();
      return of(store, plane, member);
    }

    ProfileCalls calls() {
      return new ProfileCalls(database, plane, store.clock());
    }

    /** The room as a node that has just started finds it. */
    Room room(String id) {
      return new Room(with, id, member.leases().acquire("match/" + id).orElseThrow());
    }

    Room start(String id) {
      Room room = room(id);
      String host = "host of " + id;
      room.carryOut(new MatchCommand.ConnectToLobby(id, host, id + " socket"));
      room.carryOut(new MatchCommand.TakeSeat(id, "ann", null, 0));
      room.carryOut(new MatchCommand.TakeSeat(id, "bob", null, 1));
      room.carryOut(new MatchCommand.SetReady(id, "ann", true));
      room.carryOut(new MatchCommand.SetReady(id, "bob", true));
      room.carryOut(new MatchCommand.Start(id, host));
      return room;
    }

    /** Acts, is killed before a statement, and acts again after a restart, as the client would. */
    static boolean actKilledAt(int statement, Run first, String id, String player) {
      Room room = first.room(id);
      room.carryOut(new MatchCommand.View(id));
      first.database.killAt(statement);
      try {
        act(room, id, player);
      } catch (RuntimeException killed) {
        assertThat(first.database.isKilled()).isTrue();
      }
      assertThat(act(first.next().room(id), id, player).error()).isNull();
      return first.database.isKilled();
    }
  }

  private static ActResult act(Room room, String id, String player) {
    return (ActResult)
        room.carryOut(
            new MatchCommand.Act(id, player, "earn", "null", null, "c", "request " + player));
  }

  private static JsonObject profile(TestStore store, String user) {
    return new ProfileStore()
        .find(store.database(), "reward", RewardGame.PROFILE, user)
        .map(JsonObject::new)
        .orElseThrow();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aRewardIsGivenOnceWhereverTheNodeIsKilled(TestStore store) {
    Run run = Run.of(store, null);
    int rooms = 0;
    boolean killed = true;
    while (killed) {
      String id = "room_" + rooms;
      run.start(id);
      killed = Run.actKilledAt(rooms, run.next(), id, "0");
      killed |= Run.actKilledAt(rooms, run.next(), id, "1");
      rooms++;
      for (String user : List.of("ann", "bob")) {
        assertThat(profile(store, user))
            .as("the profile of %s after a kill before statement %d", user, rooms - 1)
            .isEqualTo(JsonObject.of("coins", rooms, "played", rooms));
      }
    }
    assertThat(rooms).isGreaterThan(8);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aControlPlaneIsToldOnceWhereverTheNodeIsKilled(TestStore store) {
    var plane = new StandIn();
    Run run = Run.of(store, plane);
    int rooms = 0;
    boolean killed = true;
    while (killed) {
      String id = "room_" + rooms;
      run.start(id);
      killed = Run.actKilledAt(rooms, run.next(), id, "0");
      killed |= Run.actKilledAt(rooms, run.next(), id, "1");
      Run sending = run.next();
      sending.database.killAt(rooms);
      sendKilled(sending);
      killed |= sending.database.isKilled();
      sendAll(run);
      rooms++;
      assertThat(plane.applied)
          .as("after a kill before statement %d", rooms - 1)
          .hasSize(4 * rooms);
      assertThat(left(store)).isZero();
    }
    assertThat(plane.commits.size()).as("some are sent again").isGreaterThan(plane.applied.size());
    assertThat(plane.hydrates).hasSize(rooms);
  }

  private static void sendKilled(Run run) {
    try {
      run.calls().run(lease(run));
    } catch (KilledDatabase.KilledException killed) {
      assertThat(killed).isNotNull();
    }
  }

  private static Lease lease(Run run) {
    return run.member.leases().acquire("duty/test").orElseThrow();
  }

  private static void sendAll(Run run) {
    ProfileCalls calls = run.calls();
    boolean more = true;
    while (more) {
      more = calls.run(lease(run)).isZero();
    }
  }

  private static long left(TestStore store) {
    return store
        .database()
        .read("SELECT COUNT(*) AS calls FROM match_profile_call")
        .row(0)
        .number("calls");
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void sendsEachUsersChangesInOrderUntilTheyAreConfirmed(TestStore store) {
    var plane = new StandIn();
    Run run = Run.of(store, plane);
    ProfileCalls calls = run.calls();
    Room room = run.start("room_1");
    assertThat(plane.hydrates)
        .containsExactly(new JsonObject("{\"gameKey\":\"reward\",\"userIDs\":[\"ann\",\"bob\"]}"));
    act(room, "room_1", "0");
    plane.next.add(Future.failedFuture(new TimeoutException("no answer")));

    calls.run(lease(run));

    JsonObject first = plane.commits.getFirst();
    assertThat(first)
        .isEqualTo(
            new JsonObject(
                """
                {"actionID":"m_1","delta":[{"op":"inc","path":["coins"],"value":1}],
                 "deploymentVersion":"1.5","gameKey":"reward","playerID":"0","roomID":"room_1",
                 "schemaVersion":"3","userID":"ann"}
                """));
    act(room, "room_1", "1");
    sendAll(run);
    assertThat(users(plane)).as("ann's settlement waits").containsExactly("ann", "bob", "bob");
    store.clock().advance(Duration.ofMillis(100));
    plane.next.add(Future.succeededFuture(new Reply(503, new JsonObject())));
    sendAll(run);
    store.clock().advance(Duration.ofMillis(399));
    sendAll(run);
    assertThat(plane.commits).hasSize(4);
    store.clock().advance(Duration.ofMillis(1));
    plane.next.add(StandIn.answer("revision_conflict"));
    plane.next.add(StandIn.answer("invalid_delta"));
    sendAll(run);

    assertThat(left(store)).as("one is tried again").isEqualTo(2);
    store.clock().advance(Duration.ofMillis(1_600));
    sendAll(run);

    assertThat(left(store)).as("one is parked").isEqualTo(1);
    assertThat(reasonOfParked(store)).isEqualTo("invalid_delta");
    assertThat(plane.applied)
        .containsExactlyInAnyOrder("room_1 m_2 bob", "room_1 end bob", "room_1 end ann");
  }

  private static String reasonOfParked(TestStore store) {
    return store
        .database()
        .read("SELECT reason FROM match_profile_call WHERE parked_ms IS NOT NULL")
        .row(0)
        .text("reason");
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void parksAtOnceWhatWouldBeRefusedAgain(TestStore store) {
    var plane = new StandIn();
    Run run = Run.of(store, plane);
    Room room = run.start("room_1");
    act(room, "room_1", "0");
    act(room, "room_1", "1");
    plane.next.add(StandIn.status(429));
    sendAll(run);
    store.clock().advance(Duration.ofMillis(100));
    plane.next.add(StandIn.status(403));
    sendAll(run);

    assertThat(run.calls().run(lease(run)))
        .as("ann's settlement, which waits for the first change, is not looked for")
        .isEqualTo(Duration.ofMillis(400));
    store.clock().advance(Duration.ofMillis(400));
    plane.next.add(StandIn.status(422));
    sendAll(run);

    assertThat(reasonOfParked(store)).isEqualTo("status 422");
    assertThat(plane.applied)
        .containsExactlyInAnyOrder("room_1 m_2 bob", "room_1 end bob", "room_1 end ann");
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void sendsAParkedChangeAgainWhenAnAdminSaysSo(TestStore store) {
    var plane = new StandIn();
    Run run = Run.of(store, plane);
    Room room = run.start("room_1");
    act(room, "room_1", "0");
    act(room, "room_1", "1");
    plane.next.add(StandIn.answer("schema_mismatch"));
    plane.next.add(StandIn.answer("invalid_delta"));
    sendAll(run);
    assertThat(plane.applied).containsExactlyInAnyOrder("room_1 m_2 bob", "room_1 end bob");
    var parked = new ParkedProfileChanges(store.database(), true);
    var all = (ParkedPage) parked.carryOut(new ProfileChangeCommand.ListParked(0, 10));
    assertThat(all.changes())
        .extracting(ParkedProfileChange::action, ParkedProfileChange::reason)
        .containsExactly(tuple("m_1", "schema_mismatch"), tuple("end", "invalid_delta"));
    ParkedProfileChange first = all.changes().getFirst();

    parked.carryOut(new ProfileChangeCommand.Retry(first.id()));
    parked.carryOut(new ProfileChangeCommand.Drop(all.changes().getLast().id(), "paid by hand"));
    sendAll(run);

    assertThat(plane.applied)
        .containsExactlyInAnyOrder("room_1 m_2 bob", "room_1 end bob", "room_1 m_1 ann");
    assertThat(left(store)).isZero();
    assertThatThrownBy(() -> parked.carryOut(new ProfileChangeCommand.Retry(first.id())))
        .hasMessage("not_found");
    assertThatThrownBy(
            () ->
                new ParkedProfileChanges(store.database(), false)
                    .carryOut(new ProfileChangeCommand.Retry(first.id())))
        .hasMessage("no_control_plane");
  }

  private static List<String> users(StandIn plane) {
    return plane.commits.stream().map(body -> body.getString("userID")).toList();
  }
}
