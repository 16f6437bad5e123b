package dev.rookery.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.MessageId;
import dev.rookery.chat.ChatEvent;
import dev.rookery.chat.Conversation;
import dev.rookery.lease.Leases;
import dev.rookery.lease.OrphanedOutboxSweep;
import dev.rookery.store.Transaction;
import dev.rookery.testkit.TestClusterMember;
import dev.rookery.testkit.TestStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Membership as nodes see each other, on both databases. */
final class MembershipTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";
  private static final HeartbeatSettings SETTINGS = HeartbeatSettings.DEFAULT;

  private final AtomicLong nanos = new AtomicLong(7);

  @ParameterizedTest
  @MethodSource(ALL)
  void keepsNodesAliveThatSendHeartbeats(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");
    long annsRun = ann.run();
    long bobsRun = bob.run();

    for (int beats = 0; beats < 20; beats++) {
      pass(SETTINGS.interval());
      ann.heartbeat();
      bob.heartbeat();
    }

    assertThat(ann.run()).isEqualTo(annsRun);
    assertThat(bob.run()).isEqualTo(bobsRun);
    assertThat(ann.membership().aliveCount()).isEqualTo(2);
    assertThat(ann.membership().endedRuns()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void declaresSilentNodeDeadAndContinuesAsNewRun(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");
    var listener = new RecordingListener();
    var annsListener = new RecordingListener();
    bob.membership().addListener(listener);
    ann.membership().addListener(annsListener);
    long first = ann.run();

    heartbeatAlone(bob, SETTINGS.timeout().plus(SETTINGS.interval()));
    assertThat(listener.ended).containsExactly(first);
    assertThat(bob.membership().aliveCount()).isEqualTo(1);
    assertThat(ann.membership().isConfirmedAlive()).isFalse();

    ann.heartbeat();
    assertThat(ann.run()).isGreaterThan(first);
    assertThat(annsListener.lost).containsExactly(first, ann.run());
    assertThat(ann.membership().isConfirmedAlive()).isTrue();
    bob.heartbeat();
    assertThat(bob.membership().aliveCount()).isEqualTo(2);
    assertThat(listener.ended).containsExactly(first);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void declaresSuspectDeadSoonerUnlessItSendsHeartbeats(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");
    var eve = member(store, "eve");
    bob.membership().suspect("ann");
    bob.membership().suspect("eve");

    for (int beats = 0; beats < 4; beats++) {
      pass(SETTINGS.interval());
      eve.heartbeat();
      bob.heartbeat();
    }

    assertThat(bob.membership().endedRuns()).extracting(EndedRun::run).containsExactly(ann.run());
    assertThat(ann.membership().isConfirmedAlive()).as("after the suspicion").isFalse();
    assertThat(eve.membership().isConfirmedAlive()).isTrue();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void ignoresTimeInWhichItWasPausedItself(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");
    ann.heartbeat();
    bob.heartbeat();

    pass(Duration.ofMinutes(1));
    bob.heartbeat();
    assertThat(bob.membership().endedRuns()).isEmpty();
    ann.heartbeat();
    bob.heartbeat();

    assertThat(bob.membership().endedRuns()).isEmpty();
    assertThat(bob.membership().aliveCount()).isEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void seesNodeThatLeavesAtTheNextCheck(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");
    var listener = new RecordingListener();
    bob.membership().addListener(listener);
    long run = ann.run();

    ann.membership().leave();
    ann.heartbeat();
    bob.heartbeat();

    assertThat(listener.ended).containsExactly(run);
    assertThat(ann.run()).as("a node that has left does not rejoin").isEqualTo(run);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void endsEarlierRunOfRestartedNode(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");

    var again = member(store, "ann");
    bob.heartbeat();

    assertThat(bob.membership().endedRuns()).extracting(EndedRun::run).containsExactly(ann.run());
    assertThat(again.run()).isGreaterThan(ann.run());
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void standaloneNodeStoresOnlyHowFarItHasPublished(TestStore store) {
    member(store, "before");
    var published = new AtomicInteger();
    var localNode = new LocalNode("alone", "1", true, null, () -> 0, () -> 0, published::get);
    var standalone =
        Membership.join(store.database(), localNode, SETTINGS, Instant.EPOCH, nanos::get);
    var listener = new RecordingListener();
    standalone.addListener(listener);

    for (int beats = 0; beats < 5; beats++) {
      pass(Duration.ofMinutes(1));
      standalone.heartbeat();
    }
    assertThat(listener.ended).hasSize(1);
    assertThat(heartbeatCount(store, standalone)).isZero();
    assertThat(standalone.isConfirmedAlive()).isTrue();

    published.set(3);
    standalone.heartbeat();
    standalone.heartbeat();
    assertThat(heartbeatCount(store, standalone)).isEqualTo(1);
    assertThat(standalone.members().getFirst().publishedUpTo()).isEqualTo(3);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void publishesEventsOfDeadNodeTwiceAndDeletesItsRow(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");
    store.store().setRun(ann.run());
    store.database().write(tx -> append(tx, "lobby:1"));
    store.published().clear();
    var sweep =
        new OrphanedOutboxSweep(
            store.store(), bob.membership(), bob.leases(), Duration.ofMinutes(5));

    // As if it had died before it could store that it had published.
    storePublishedUpTo(store, ann.run(), 0);
    sweep.sweep();
    assertThat(store.published()).isEmpty();
    heartbeatAlone(bob, SETTINGS.timeout().plus(SETTINGS.interval()));
    sweep.sweep();
    sweep.sweep();
    assertThat(store.published()).hasSize(1);

    Leases leases = bob.leases();
    assertThat(leases.acquire("match/1")).isPresent();
    pass(Duration.ofMinutes(6));
    bob.heartbeat();
    sweep.sweep();
    assertThat(store.published()).hasSize(2);
    bob.heartbeat();
    assertThat(bob.membership().endedRuns()).isEmpty();
    assertThat(bob.membership().members()).hasSize(1);
  }

  private static int append(Transaction tx, String stream) {
    tx.append(
        stream,
        new ChatEvent.Deleted(new Conversation(Conversation.Kind.LOBBY, 1), new MessageId(1)));
    return 0;
  }

  private static void storePublishedUpTo(TestStore store, long run, long upTo) {
    store
        .database()
        .write(tx -> tx.run("UPDATE node SET posted_upto = $1 WHERE id = $2", upTo, run).size());
  }

  private static long heartbeatCount(TestStore store, Membership member) {
    return store
        .database()
        .read("SELECT beat FROM node WHERE id = $1", member.run())
        .row(0)
        .number("beat");
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private void heartbeatAlone(TestClusterMember member, Duration time) {
    member.heartbeat();
    for (Duration passed = Duration.ZERO;
        passed.compareTo(time) < 0;
        passed = passed.plus(SETTINGS.interval())) {
      pass(SETTINGS.interval());
      member.heartbeat();
    }
  }

  private TestClusterMember member(TestStore store, String node) {
    var member = TestClusterMember.join(store, node, nanos::get);
    member.heartbeat();
    return member;
  }

  private static final class RecordingListener implements MembershipListener {
    private final List<Long> ended = new ArrayList<>();
    private final List<Long> lost = new ArrayList<>();

    @Override
    public void onRunsEnded(List<EndedRun> runs) {
      runs.forEach(run -> ended.add(run.run()));
    }

    @Override
    public void onRunLost(long before, long now) {
      lost.addAll(List.of(before, now));
    }
  }
}
