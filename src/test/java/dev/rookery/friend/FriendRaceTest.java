package dev.rookery.friend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.FriendshipId;
import dev.rookery.base.Limits;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.base.Topic;
import dev.rookery.friend.FriendCommand.Action;
import dev.rookery.friend.FriendCommand.Answer;
import dev.rookery.friend.FriendCommand.ListBlocked;
import dev.rookery.friend.FriendCommand.ListFriends;
import dev.rookery.friend.FriendCommand.ListRequests;
import dev.rookery.friend.FriendCommand.Request;
import dev.rookery.notification.NotificationWriter;
import dev.rookery.player.Credentials;
import dev.rookery.player.Players;
import dev.rookery.testkit.SeededIds;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestSeed;
import dev.rookery.testkit.TestStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Many players befriend, refuse, block and leave each other at once; the limits are small. */
@ExtendWith(VertxExtension.class)
final class FriendRaceTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";
  private static final int PLAYERS = 12;
  private static final int STEPS = 40;
  private static final int FRIENDS_MAX = 3;
  private static final int PENDING_MAX = 2;
  private static final Page.Request PAGE = new Page.Request(1, 100);

  @ParameterizedTest
  @MethodSource(ALL)
  void makesOneFriendshipOfRequestsThatCross(TestStore store, Vertx vertx) throws Exception {
    TestBus bus = open(store, vertx);
    List<PlayerId> players = players(store, 20);
    try (var crowd = Executors.newVirtualThreadPerTaskExecutor()) {
      var asking = new ArrayList<java.util.concurrent.Future<Friendship>>();
      for (int i = 0; i < players.size(); i += 2) {
        PlayerId one = players.get(i);
        PlayerId other = players.get(i + 1);
        asking.add(crowd.submit(() -> bus.ask(new Request(one, other, null))));
        asking.add(crowd.submit(() -> bus.ask(new Request(other, one, null))));
      }
      for (java.util.concurrent.Future<Friendship> request : asking) {
        request.get();
      }
    }
    for (PlayerId player : players) {
      assertThat(bus.ask(new ListFriends(player, PAGE)).total()).isEqualTo(1);
      assertThat(bus.ask(new ListRequests(player, PAGE)).incoming().total()).isZero();
      assertThat(bus.ask(new ListRequests(player, PAGE)).outgoing().total()).isZero();
    }
    assertThat(changes(store, "requested")).isEqualTo(10);
    assertThat(changes(store, "accepted")).isEqualTo(10);
    assertThat(changes(store, "removed")).isZero();
  }

  private static double changes(TestStore store, String kind) {
    return store
        .database()
        .registry()
        .get("rookery.friend.changes")
        .tag("change", kind)
        .counter()
        .count();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void leavesNothingOfADeclinedRequestBesideAFriendshipOrABlock(TestStore store, Vertx vertx) {
    TestBus bus = open(store, vertx);
    List<PlayerId> players = players(store, 3);
    PlayerId ann = players.getFirst();
    for (PlayerId other : players.subList(1, 3)) {
      FriendshipId declined = bus.ask(new Request(other, ann, null)).id();
      bus.ask(new Answer(ann, declined, Action.REJECT));
      FriendshipId asked = bus.ask(new Request(ann, other, null)).id();
      if (other.equals(players.getLast())) {
        bus.ask(new Answer(ann, declined, Action.BLOCK));
        assertThat(bus.ask(new ListRequests(ann, PAGE)).outgoing().total())
            .as("who blocks withdraws the request")
            .isZero();
      } else {
        bus.ask(new Answer(other, asked, Action.ACCEPT));
        assertThatThrownBy(() -> bus.ask(new Answer(ann, declined, Action.BLOCK)))
            .hasMessage("not_found");
      }
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void keepsLimitsAndEventsRightWithManyPlayersAtOnce(TestStore store, Vertx vertx)
      throws Exception {
    long seed = TestSeed.of("FriendRaceTest on " + store);
    TestBus bus = open(store, vertx);
    List<PlayerId> players = players(store, PLAYERS);
    Set<FriendshipId> known = ConcurrentHashMap.newKeySet();
    Set<String> refusals = ConcurrentHashMap.newKeySet();
    try (var crowd = Executors.newVirtualThreadPerTaskExecutor()) {
      var walks = new ArrayList<java.util.concurrent.Future<?>>();
      for (PlayerId player : players) {
        var random = new Random(seed + player.value());
        walks.add(crowd.submit(() -> walk(bus, player, players, known, refusals, random)));
      }
      for (java.util.concurrent.Future<?> walk : walks) {
        walk.get();
      }
    }

    assertThat(refusals)
        .isSubsetOf(
            "cannot_friend_self",
            "blocked",
            "too_many_friends",
            "too_many_pending_requests",
            "not_found",
            "forbidden");
    assertThat(refusals).contains("forbidden");
    var seen = new HashMap<Set<PlayerId>, List<String>>();
    for (PlayerId player : players) {
      Page<Friend> friends = bus.ask(new ListFriends(player, PAGE));
      FriendRequests requests = bus.ask(new ListRequests(player, PAGE));
      assertThat(friends.items()).hasSize((int) friends.total());
      assertThat(friends.total()).isLessThanOrEqualTo(FRIENDS_MAX);
      assertThat(requests.outgoing().total()).isLessThanOrEqualTo(PENDING_MAX);
      note(seen, player, "friend", friends.items());
      note(seen, player, "request", requests.outgoing().items());
      note(seen, player, "block", bus.ask(new ListBlocked(player, PAGE)).items());
    }
    // Both are friends, or one has asked, or one or both have blocked: never two of these at once.
    assertThat(seen.values())
        .allSatisfy(
            states ->
                assertThat(states)
                    .isIn(
                        List.of("friend", "friend"),
                        List.of("request"),
                        List.of("block"),
                        List.of("block", "block")));
    assertEachEventReachedBoth(store.published());
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void answersARepeatedRequestFromItsKey(TestStore store, Vertx vertx) {
    TestBus bus = open(store, vertx);
    List<PlayerId> players = players(store, 2);
    var request = new Request(players.getFirst(), players.getLast(), "key 1");
    Friendship first = bus.ask(request);
    bus.ask(new Answer(players.getLast(), first.id(), Action.REJECT));
    assertThat(bus.ask(request)).isEqualTo(first);
    assertThat(bus.ask(new ListRequests(players.getLast(), PAGE)).incoming().total()).isZero();
  }

  private static void assertEachEventReachedBoth(List<CommittedEvent> published) {
    var events =
        published.stream().filter(posted -> posted.event() instanceof FriendEvent).toList();
    assertThat(events).isNotEmpty();
    for (CommittedEvent posted : events) {
      Friendship friendship = ((FriendEvent) posted.event()).friendship();
      for (PlayerId player : List.of(friendship.requester(), friendship.target())) {
        assertThat(events)
            .filteredOn(
                other ->
                    other.stream().equals(Topic.player(player))
                        && other.event().equals(posted.event()))
            .hasSize(1);
      }
    }
  }

  private static void note(
      Map<Set<PlayerId>, List<String>> seen, PlayerId player, String state, List<Friend> all) {
    all.forEach(
        one ->
            seen.computeIfAbsent(Set.of(player, one.other().id()), _ -> new ArrayList<>())
                .add(state));
  }

  private static void walk(
      TestBus bus,
      PlayerId player,
      List<PlayerId> players,
      Set<FriendshipId> known,
      Set<String> refusals,
      Random random) {
    for (int step = 0; step < STEPS; step++) {
      try {
        if (known.isEmpty() || random.nextInt(3) == 0) {
          var other = players.get(random.nextInt(players.size()));
          known.add(bus.ask(new Request(player, other, null)).id());
        } else {
          var ids = List.copyOf(known);
          var action = Action.values()[random.nextInt(Action.values().length)];
          bus.ask(new Answer(player, ids.get(random.nextInt(ids.size())), action));
        }
      } catch (Refused refused) {
        refusals.add(refused.getMessage());
      }
    }
  }

  private static TestBus open(TestStore store, Vertx vertx) {
    var bus = new TestBus(vertx);
    Limits all = Limits.DEFAULTS;
    var limits =
        new Limits(
            all.displayNameMax(),
            all.emailMax(),
            all.deviceIdMax(),
            all.passwordMin(),
            all.passwordMax(),
            all.metadataBytesMax(),
            all.pageSizeMax(),
            all.lobbyTitleMax(),
            all.lobbySeatsMax(),
            all.lobbyPasswordMax(),
            all.chatContentMax(),
            FRIENDS_MAX,
            PENDING_MAX,
            all.notificationsMax(),
            all.notificationTitleMax(),
            all.notificationContentMax(),
            all.groupTitleMax(),
            all.groupDescriptionMax(),
            all.groupMembersMax(),
            all.groupsMax(),
            all.groupsAdminMax(),
            all.groupInvitesMax(),
            all.groupNoticesMax(),
            all.leaderboardTitleMax(),
            all.leaderboardDescriptionMax(),
            all.leaderboardSlugMax(),
            all.partySizeMax(),
            all.partyInvitesMax());
    bus.deploy(
        new FriendVerticle(
            bus.bus(),
            store.database(),
            new Players(store.clock()),
            new NotificationWriter(),
            new FriendPresence(store.database(), new SimpleMeterRegistry(), _ -> {}),
            (_, _) -> {},
            limits,
            store.clock()));
    return bus;
  }

  private static List<PlayerId> players(TestStore store, int count) {
    return IntStream.range(0, count)
        .mapToObj(
            number -> {
              String device = "device-" + number;
              var credentials =
                  new Credentials(store.clock(), new SeededIds(number), TestStore.DIGESTS);
              return store
                  .database()
                  .write(
                      tx ->
                          credentials
                              .findOrCreateByDevice(tx, Set.of(device))
                              .get(device)
                              .player());
            })
        .toList();
  }
}
