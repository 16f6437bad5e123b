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

/** Who lives, as nodes see each other, on both databases. */
final class MembershipTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";
  private static final HeartbeatSettings PACE = HeartbeatSettings.DEFAULT;

  private final AtomicLong nanos = new AtomicLong(7);

  @ParameterizedTest
  @MethodSource(ALL)
  void nodesThatBeatLive(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");
    long annsRun = ann.run();
    long bobsRun = bob.run();

    for (int beats = 0; beats < 20; beats++) {
      pass(PACE.beat());
      ann.beat();
      bob.beat();
    }

    assertThat(ann.run()).isEqualTo(annsRun);
    assertThat(bob.run()).isEqualTo(bobsRun);
    assertThat(ann.membership().living()).isEqualTo(2);
    assertThat(ann.membership().ended()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aSilentNodeIsGivenUpForDeadAndGoesOnAsANewRun(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");
    var told = new RecordingListener();
    var toldAnn = new RecordingListener();
    bob.membership().listen(told);
    ann.membership().listen(toldAnn);
    long first = ann.run();

    beatAlone(bob, PACE.silenceMax().plus(PACE.beat()));
    assertThat(told.ended).containsExactly(first);
    assertThat(bob.membership().living()).isEqualTo(1);
    assertThat(ann.membership().certain()).isFalse();

    ann.beat();
    assertThat(ann.run()).isGreaterThan(first);
    assertThat(toldAnn.lost).containsExactly(first, ann.run());
    assertThat(ann.membership().certain()).isTrue();
    bob.beat();
    assertThat(bob.membership().living()).isEqualTo(2);
    assertThat(told.ended).containsExactly(first);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aNodeOfWhichTheTransportSaysThatItIsGoneIsBuriedSoonerButNotIfItBeats(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");
    var eve = member(store, "eve");
    bob.membership().suspect("ann");
    bob.membership().suspect("eve");

    for (int beats = 0; beats < 4; beats++) {
      pass(PACE.beat());
      eve.beat();
      bob.beat();
    }

    assertThat(bob.membership().ended()).extracting(EndedRun::run).containsExactly(ann.run());
    assertThat(ann.membership().certain()).as("of what it had, though it heard nothing").isFalse();
    assertThat(eve.membership().certain()).isTrue();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void whoWasPausedOrHadNoDatabaseDoesNotTakeThatForTheSilenceOfOthers(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");
    ann.beat();
    bob.beat();

    pass(Duration.ofMinutes(1));
    bob.beat();
    assertThat(bob.membership().ended()).isEmpty();
    ann.beat();
    bob.beat();

    assertThat(bob.membership().ended()).isEmpty();
    assertThat(bob.membership().living()).isEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void whoLeavesInOrderIsGoneAtTheNextLook(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");
    var told = new RecordingListener();
    bob.membership().listen(told);
    long run = ann.run();

    ann.membership().leave();
    ann.beat();
    bob.beat();

    assertThat(told.ended).containsExactly(run);
    assertThat(ann.run()).as("who has left does not come back").isEqualTo(run);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aNodeThatIsStartedAgainTakesThePlaceOfItsEarlierRun(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");

    var again = member(store, "ann");
    bob.beat();

    assertThat(bob.membership().ended()).extracting(EndedRun::run).containsExactly(ann.run());
    assertThat(again.run()).isGreaterThan(ann.run());
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aNodeThatIsAloneBeatsOnlyToSayHowFarItHasPosted(TestStore store) {
    member(store, "before");
    var posted = new AtomicInteger();
    var self = new LocalNode("alone", "1", true, () -> 0, () -> 0, posted::get);
    var alone = Membership.join(store.database(), self, PACE, Instant.EPOCH, nanos::get);
    var told = new RecordingListener();
    alone.listen(told);

    for (int beats = 0; beats < 5; beats++) {
      pass(Duration.ofMinutes(1));
      alone.round();
    }
    assertThat(told.ended).hasSize(1);
    assertThat(beatOf(store, alone)).isZero();
    assertThat(alone.certain()).isTrue();

    posted.set(3);
    alone.round();
    alone.round();
    assertThat(beatOf(store, alone)).isEqualTo(1);
    assertThat(alone.members().getFirst().postedUpto()).isEqualTo(3);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void whatADeadNodeDidNotPostIsPostedTwiceAndThenItIsForgotten(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");
    store.store().postAs(ann.run());
    store.database().write(tx -> append(tx, "lobby:1"));
    store.posted().clear();
    var remains =
        new OrphanedOutboxSweep(
            store.store(), bob.membership(), bob.leases(), Duration.ofMinutes(5));

    // As if it had died before it could say that it had posted.
    tellPosted(store, ann.run(), 0);
    remains.clear();
    assertThat(store.posted()).isEmpty();
    beatAlone(bob, PACE.silenceMax().plus(PACE.beat()));
    remains.clear();
    remains.clear();
    assertThat(store.posted()).hasSize(1);

    Leases leases = bob.leases();
    assertThat(leases.take("match/1")).isPresent();
    pass(Duration.ofMinutes(6));
    bob.beat();
    remains.clear();
    assertThat(store.posted()).hasSize(2);
    bob.beat();
    assertThat(bob.membership().ended()).isEmpty();
    assertThat(bob.membership().members()).hasSize(1);
  }

  private static int append(Transaction tx, String stream) {
    tx.append(
        stream,
        new ChatEvent.Deleted(new Conversation(Conversation.Kind.LOBBY, 1), new MessageId(1)));
    return 0;
  }

  private static void tellPosted(TestStore store, long run, long upto) {
    store
        .database()
        .write(tx -> tx.run("UPDATE node SET posted_upto = $1 WHERE id = $2", upto, run).size());
  }

  private static long beatOf(TestStore store, Membership member) {
    return store
        .database()
        .read("SELECT beat FROM node WHERE id = $1", member.run())
        .row(0)
        .number("beat");
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private void beatAlone(TestClusterMember one, Duration time) {
    one.beat();
    for (Duration passed = Duration.ZERO;
        passed.compareTo(time) < 0;
        passed = passed.plus(PACE.beat())) {
      pass(PACE.beat());
      one.beat();
    }
  }

  private TestClusterMember member(TestStore store, String node) {
    var member = TestClusterMember.join(store, node, nanos::get);
    member.beat();
    return member;
  }

  private static final class RecordingListener implements MembershipListener {
    private final List<Long> ended = new ArrayList<>();
    private final List<Long> lost = new ArrayList<>();

    @Override
    public void ended(List<EndedRun> runs) {
      runs.forEach(run -> ended.add(run.run()));
    }

    @Override
    public void lost(long before, long now) {
      lost.addAll(List.of(before, now));
    }
  }
}
