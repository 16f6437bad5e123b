package dev.rookery.friend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.Limits;
import dev.rookery.base.PlayerId;
import dev.rookery.notification.NotificationWriter;
import dev.rookery.player.Players;
import dev.rookery.presence.PresenceCommand;
import dev.rookery.presence.PresenceSettings;
import dev.rookery.presence.PresenceVerticle;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestClusterMember;
import dev.rookery.testkit.TestStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What friends are told of a player with many friends, on two nodes. */
final class OnlineFriendsTest {
  private static final PlayerId PLAYER = new PlayerId(1);
  private static final int FRIENDS = 1_000;

  // Half of them asked the player, and half were asked.
  private static final String FILL =
      """
      WITH RECURSIVE number (n) AS (
        SELECT CAST(2 AS BIGINT) UNION ALL SELECT n + 1 FROM number WHERE n < $1)
      """;

  private final List<FriendPresenceEvent> announced = new CopyOnWriteArrayList<>();

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void tellsEachFriendOnceHoweverManySessionsThePlayerHas(TestStore store) {
    var friends = TestClusterMember.join(store, "friends");
    fill(store, friends.run());
    try (var east = open(store, "east");
        var west = open(store, "west")) {
      arrive(east, "phone");
      arrive(east, "desk");
      arrive(west, "tablet");
      // The sessions end, and the player comes back with one of them.
      leave(east, "phone");
      leave(west, "tablet");
      leave(east, "desk");
      arrive(west, "phone");
      leave(west, "phone");

      Eventually.holds(() -> announced.size() >= 4);
      assertThat(announced.stream().filter(FriendPresenceEvent.Online.class::isInstance))
          .hasSize(2);
      assertThat(announced.stream().filter(FriendPresenceEvent.Offline.class::isInstance))
          .hasSize(2);
      assertThat(announced)
          .allSatisfy(
              event ->
                  assertThat(event.friends())
                      .containsExactlyInAnyOrderElementsOf(
                          LongStream.rangeClosed(2, FRIENDS + 1).mapToObj(PlayerId::new).toList()));
    }
  }

  private static void fill(TestStore store, long run) {
    store
        .database()
        .write(
            tx -> {
              tx.run(
                  """
                  INSERT INTO player (uuid, online, created_ms, updated_ms) VALUES ('1', 0, 1, 1)
                  """);
              tx.run(
                  FILL
                      + """
                      INSERT INTO player (uuid, online, created_ms, updated_ms)
                      SELECT 'uuid ' || n, 1, 1, 1 FROM number
                      """,
                  FRIENDS + 1L);
              tx.run(
                  FILL
                      + """
                      INSERT INTO friendship
                        (requester_id, target_id, state, created_ms, changed_ms)
                      SELECT CASE n % 2 WHEN 0 THEN 1 ELSE n END, CASE n % 2 WHEN 0 THEN n ELSE 1 END,
                        'accepted', 1, 1
                      FROM number
                      """,
                  FRIENDS + 1L);
              tx.run(
                  FILL
                      + "INSERT INTO presence (player_id, run, arrivals) SELECT n, $2, 1 FROM"
                      + " number",
                  FRIENDS + 1L,
                  run);
              return null;
            });
  }

  private TestBus open(TestStore store, String name) {
    var bus = new TestBus();
    var member = TestClusterMember.join(store, name);
    var players = new Players(store.clock());
    var presence =
        new FriendPresence(
            store.database(), store.meters(), event -> announced.add((FriendPresenceEvent) event));
    bus.deploy(
        new FriendVerticle(
            bus.bus(),
            store.database(),
            players,
            new NotificationWriter(),
            presence,
            (_, _) -> {},
            Limits.DEFAULTS,
            store.clock()));
    bus.deploy(
        new PresenceVerticle(
            bus.bus(),
            store.database(),
            store.clock(),
            member.membership(),
            member.scheduler(),
            new PresenceSettings(Duration.ofHours(1)),
            presence));
    return bus;
  }

  private static void arrive(TestBus node, String connection) {
    node.ask(new PresenceCommand.Arrive(PLAYER, connection));
  }

  private static void leave(TestBus node, String connection) {
    node.ask(new PresenceCommand.Depart(PLAYER, connection, true));
  }
}
