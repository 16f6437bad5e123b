package dev.rookery.matchmaking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.allocation.Allocator;
import dev.rookery.allocation.LocalAllocator;
import dev.rookery.base.CommittedEvent;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.Topic;
import dev.rookery.lease.Lease;
import dev.rookery.matchmaking.MatchmakingCommand.CancelTicket;
import dev.rookery.matchmaking.MatchmakingCommand.CreateTicket;
import dev.rookery.matchmaking.MatchmakingCommand.ExplainTicket;
import dev.rookery.matchmaking.MatchmakingCommand.Search;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.SeededIds;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestClusterMember;
import dev.rookery.testkit.TestStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests matchmaking on both databases, from the ticket to the event on the player's stream. */
@ExtendWith(VertxExtension.class)
final class MatchmakingTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";
  private static final Criteria DUEL = new Criteria("duel", "eu", 2);
  private static final Duration LIFETIME = Duration.ofMinutes(10);

  private final AtomicReference<Allocator> allocator =
      new AtomicReference<>(
          new LocalAllocator(() -> new LocalAllocator.RelayAddress("here", 4000)));
  private TestBus bus;
  private TestStore store;
  private TestClusterMember member;

  @BeforeEach
  void start(Vertx vertx) {
    bus = new TestBus(vertx);
  }

  private void open(TestStore opened) {
    store = opened;
    member = TestClusterMember.join(store, "one");
    bus.deploy(
        new MatchmakingVerticle(
            bus.bus(), store.database(), setup(member), new SimpleMeterRegistry()));
  }

  private MatchmakingSetup setup(TestClusterMember node) {
    return new MatchmakingSetup(
        node::run,
        node.scheduler(),
        store.clock(),
        new SeededIds(node.run()),
        matchup -> allocator.get().allocate(matchup),
        LIFETIME);
  }

  @AfterEach
  void close() {
    member.close();
  }

  private static TicketPlayer player(long id) {
    return new TicketPlayer(new PlayerId(id), "u-" + id, "p" + id, 25, 8.333);
  }

  private String search(Criteria criteria, long... players) {
    List<TicketPlayer> party =
        java.util.Arrays.stream(players).mapToObj(MatchmakingTest::player).toList();
    return bus.ask(new CreateTicket(party, criteria)).ticket();
  }

  private List<MatchmakingEvent> events(long player) {
    return store.published().stream()
        .filter(posted -> posted.stream().equals(Topic.player(new PlayerId(player))))
        .map(CommittedEvent::event)
        .map(MatchmakingEvent.class::cast)
        .toList();
  }

  private void assertPoolIsEmpty() {
    assertThat(store.database().read("SELECT id FROM match_ticket").size()).isZero();
    assertThat(store.database().read("SELECT player_id FROM match_ticket_player").size()).isZero();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void matchesTwoCompatibleTicketsAndPublishesTheMatchToBothPlayers(TestStore store) {
    open(store);
    String ann = search(DUEL, 1);
    String bob = search(DUEL, 2);

    Eventually.holds(() -> events(1).size() == 1 && events(2).size() == 1);
    assertThat(events(1).getFirst())
        .isInstanceOfSatisfying(
            MatchmakingEvent.Matched.class,
            matched -> {
              assertThat(matched.ticket()).isEqualTo(ann);
              assertThat(matched.match().server().port()).isEqualTo(4000);
            });
    assertThat(events(2).getFirst())
        .isEqualTo(
            new MatchmakingEvent.Matched(
                bob, ((MatchmakingEvent.Matched) events(1).getFirst()).match()));
    assertPoolIsEmpty();
    assertThat(bus.ask(new CancelTicket(ann))).isFalse();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void keepsAPartyInOneTeam(TestStore store) {
    open(store);
    var four = new Criteria("duel", "eu", 4);
    search(four, 1);
    search(four, 2, 3);
    search(four, 4);

    Eventually.holds(() -> IntStream.rangeClosed(1, 4).allMatch(id -> events(id).size() == 1));
    var matchup = ((MatchmakingEvent.Matched) events(1).getFirst()).match().matchup();
    assertThat(List.of(matchup.teamA(), matchup.teamB()))
        .anySatisfy(
            team ->
                assertThat(team).extracting(player -> player.name()).containsExactly("p2", "p3"));
    assertPoolIsEmpty();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void searchesAsOneForThePartyOfALeader(TestStore store) {
    open(store);
    createParty(store, 1, 2);
    var four = new Criteria("duel", "eu", 4);
    assertThat(bus.refusal(new Search(new PlayerId(2), four)))
        .isEqualTo(new Refusal.Denied("not_leader"));
    assertThat(bus.refusal(new Search(new PlayerId(1), DUEL))).isInstanceOf(Refusal.Invalid.class);
    assertThat(bus.refusal(new Search(new PlayerId(99), four)))
        .isEqualTo(new Refusal.Missing("player_not_found"));
    bus.ask(new Search(new PlayerId(1), four));
    assertThat(bus.refusal(new CreateTicket(List.of(player(2)), DUEL)))
        .isEqualTo(new Refusal.Conflict("already_searching"));
    search(four, 3, 4);

    Eventually.holds(() -> IntStream.rangeClosed(1, 4).allMatch(id -> events(id).size() == 1));
    var matchup = ((MatchmakingEvent.Matched) events(1).getFirst()).match().matchup();
    assertThat(List.of(matchup.teamA(), matchup.teamB()))
        .anySatisfy(
            team ->
                assertThat(team).extracting(player -> player.name()).containsExactly("p1", "p2"));
    assertPoolIsEmpty();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void endsTheSearchOfAPartyThatChanged(TestStore store) {
    open(store);
    createParty(store, 1, 2);
    var ticket = bus.ask(new Search(new PlayerId(1), new Criteria("duel", "eu", 4))).ticket();
    store.database().write(tx -> tx.run("UPDATE party SET revision = revision + 1"));

    Eventually.holds(() -> events(1).size() == 1 && events(2).size() == 1);
    assertThat(events(1)).containsExactly(new MatchmakingEvent.Expired(ticket));
    assertPoolIsEmpty();
  }

  /** A party of all these players, led by the first. */
  private static void createParty(TestStore store, long... members) {
    store
        .database()
        .write(
            tx -> {
              tx.run(
                  """
                  INSERT INTO party (id, leader_id, max_size, metadata, members, revision,
                    created_ms, updated_ms)
                  VALUES (7, $1, 4, '{}', $2, 1, 0, 0)
                  """,
                  members[0],
                  members.length);
              for (long member : members) {
                tx.run(
                    """
                    INSERT INTO player (id, uuid, display_name, party_id, created_ms, updated_ms)
                    VALUES ($1, $2, $3, 7, 0, 0)
                    """,
                    member,
                    "u-" + member,
                    "p" + member);
              }
              return members;
            });
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void rejectsASecondTicketOfAPlayerAndInvalidCriteria(TestStore store) {
    open(store);
    search(DUEL, 1);
    var twice = new Refusal.Conflict("already_searching");

    assertThat(bus.refusal(new CreateTicket(List.of(player(1)), DUEL))).isEqualTo(twice);
    var four = new Criteria("duel", "eu", 4);
    assertThat(bus.refusal(new CreateTicket(List.of(player(2), player(1)), four))).isEqualTo(twice);
    for (var search :
        List.of(
            new CreateTicket(List.of(player(2)), new Criteria("duel", "eu", 3)),
            new CreateTicket(List.of(player(2)), new Criteria("duel", "eu", 0)),
            new CreateTicket(List.of(player(2)), new Criteria("", "eu", 2)),
            new CreateTicket(List.of(player(2)), new Criteria("duel", "x".repeat(65), 2)),
            new CreateTicket(List.of(), DUEL),
            new CreateTicket(List.of(player(2), player(3)), DUEL),
            new CreateTicket(List.of(player(2), player(2)), four))) {
      assertThat(bus.refusal(search)).isInstanceOf(Refusal.Invalid.class);
    }
    assertThat(store.database().read("SELECT id FROM match_ticket").size()).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aCancelledTicketIsNotMatched(TestStore store) {
    open(store);
    String ticket = search(DUEL, 1);

    assertThat(bus.ask(new CancelTicket(ticket))).isTrue();
    assertThat(bus.ask(new CancelTicket(ticket))).isFalse();
    assertPoolIsEmpty();
    assertThat(bus.refusal(new ExplainTicket(new PlayerId(1))))
        .isEqualTo(new Refusal.Missing("not_searching"));
    search(DUEL, 1);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void publishesExpiredWhenATicketWasNotMatchedInTime(TestStore store) {
    open(store);
    String ticket = search(DUEL, 1);
    store.clock().advance(LIFETIME);

    Eventually.holds(() -> events(1).equals(List.of(new MatchmakingEvent.Expired(ticket))));
    assertPoolIsEmpty();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void explainsWhichCriterionDiffers(TestStore store) {
    open(store);
    search(DUEL, 1);
    search(new Criteria("duel", "us", 2), 2);

    Explanation explanation = bus.ask(new ExplainTicket(new PlayerId(1)));
    assertThat(explanation.needed()).isEqualTo(2);
    assertThat(explanation.mismatches())
        .containsExactly(new Explanation.Mismatch("region", 1, 0, 0));
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void retriesTheTicketsAfterAFailedAllocation(TestStore store) {
    open(store);
    Allocator working = allocator.get();
    allocator.set(
        _ -> Future.failedFuture(new Refused(new Refusal.Unavailable("allocation_failed"))));
    search(DUEL, 1);
    search(DUEL, 2);
    Eventually.holds(
        () ->
            !store
                .database()
                .read("SELECT id FROM match_ticket WHERE not_before_ms > created_ms")
                .isEmpty());
    assertThat(events(1)).isEmpty();

    allocator.set(working);
    store.clock().advance(Duration.ofSeconds(5));
    Eventually.holds(() -> events(1).size() == 1);
    assertPoolIsEmpty();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void savesNothingAfterTheLeaseWasLost(TestStore store) {
    open(store);
    member.close();
    search(DUEL, 1);
    search(DUEL, 2);
    var matchmaker =
        new Matchmaker(
            store.database(), new TicketStore(), setup(member), new SimpleMeterRegistry());
    Lease lost = member.leases().acquire("pool/test").orElseThrow();
    member.leases().delete(lost);
    assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> matchmaker.runCycle(lost)))
        .hasMessage("not_owner");
    assertThat(events(1)).isEmpty();

    matchmaker.runCycle(member.leases().acquire("pool/test").orElseThrow());
    assertThat(events(1)).hasSize(1);
    assertPoolIsEmpty();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void removesTheTicketsOfANodeThatIsGone(TestStore store) {
    open(store);
    store
        .database()
        .write(
            tx ->
                tx.run(
                        "INSERT INTO match_ticket (uuid, mode, region, size, run, created_ms,"
                            + " expires_ms, not_before_ms)"
                            + " VALUES ('x', 'duel', 'eu', 2, 987654, 1, 9999999999999, 1)")
                    .size());
    store
        .database()
        .write(
            tx ->
                tx.run(
                        "INSERT INTO match_ticket_player SELECT 7, id, 0, 'u-7', 'p7', 25000, 8333"
                            + " FROM match_ticket")
                    .size());
    String ann = search(DUEL, 1);

    Eventually.holds(() -> store.database().read("SELECT id FROM match_ticket").size() == 1);
    assertThat(events(1)).isEmpty();
    assertThat(bus.ask(new CancelTicket(ann))).isTrue();
    assertPoolIsEmpty();
  }
}
