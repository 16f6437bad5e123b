package dev.rookery.matchmaking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.allocation.LocalAllocator.RelayAddress;
import dev.rookery.allocation.MatchRoom;
import dev.rookery.base.PlayerId;
import dev.rookery.game.TicTacToe;
import dev.rookery.lease.Lease;
import dev.rookery.match.Games;
import dev.rookery.match.MatchAllocator;
import dev.rookery.store.Database;
import dev.rookery.testkit.KilledDatabase;
import dev.rookery.testkit.SeededIds;
import dev.rookery.testkit.TestClusterMember;
import dev.rookery.testkit.TestStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rooms of matches when the node that makes them is killed. */
final class MatchRoomCountTest {
  private static final Criteria DUEL = new Criteria("duel", "eu", 2);

  private int runs;

  private Matchmaker matchmaker(TestStore store, Database database, TestClusterMember member) {
    runs++;
    var ids = new SeededIds(runs);
    var games = new Games(List.of(TicTacToe.game()));
    var setup =
        new MatchmakingSetup(
            member::run,
            member.scheduler(),
            store.clock(),
            ids,
            new MatchAllocator(
                database,
                games,
                store.clock(),
                ids,
                null,
                () -> new RelayAddress("here", 4000),
                null),
            Duration.ofMinutes(10));
    return new Matchmaker(database, new TicketStore(), setup, new SimpleMeterRegistry());
  }

  private static void search(TestStore store, TestClusterMember member, long player) {
    var searching =
        new TicketPlayer(
            new PlayerId(player),
            "u-" + player,
            "p" + player,
            TicketPlayer.MU_DEFAULT,
            TicketPlayer.SIGMA_DEFAULT);
    store
        .database()
        .write(
            tx ->
                new TicketStore()
                    .add(
                        tx,
                        "ticket-" + player,
                        List.of(searching),
                        DUEL,
                        null,
                        member.run(),
                        Duration.ofMinutes(10)));
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void eachMatchHasOneRoomWhereverTheNodeIsKilled(TestStore store) {
    TestClusterMember member = TestClusterMember.join(store, "node");
    boolean killed = true;
    int matches = 0;
    while (killed) {
      member.heartbeat();
      search(store, member, 2L * matches + 1);
      search(store, member, 2L * matches + 2);
      var database = new KilledDatabase(store.database());
      database.killAt(matches);
      Lease lease = member.leases().acquire("duty/test").orElseThrow();
      try {
        matchmaker(store, database, member).runCycle(lease);
      } catch (KilledDatabase.KilledException dead) {
        assertThat(dead).isNotNull();
      }
      killed = database.isKilled();
      matchmaker(store, store.database(), member).runCycle(lease);

      matches++;
      assertThat(count(store, "match_ticket")).isZero();
      assertThat(count(store, "match_room"))
          .as("rooms after a kill before statement %d", matches - 1)
          .isEqualTo(matches);
      assertThat(count(store, "match_seat")).isEqualTo(2 * matches);
    }
    assertThat(matches).as("the statements of a match").isGreaterThan(8);
    assertThat(roomsOfPlayers(store)).hasSize(matches);
  }

  private static int count(TestStore store, String table) {
    return store.database().read("SELECT * FROM " + table).size();
  }

  /** Both players of a match are told of the same room, and of it once. */
  private static Set<String> roomsOfPlayers(TestStore store) {
    List<MatchmakingEvent.Matched> told =
        store.published().stream()
            .map(posted -> posted.event())
            .filter(MatchmakingEvent.Matched.class::isInstance)
            .map(MatchmakingEvent.Matched.class::cast)
            .toList();
    var rooms = new HashSet<String>();
    for (MatchmakingEvent.Matched matched : told) {
      MatchRoom room = Objects.requireNonNull(matched.match().room());
      assertThat(room.seats()).hasSize(2);
      rooms.add(room.room());
    }
    assertThat(told).hasSize(2 * rooms.size());
    return rooms;
  }
}
