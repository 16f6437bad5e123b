package dev.rookery.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.testkit.LoggedErrors;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RowFollowerTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final List<Member> PAIR =
      Stream.of("ann", "bob").map(RowFollowerTest::member).toList();

  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Bus bus = new Bus(vertx, meters);

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void waitsUntilTheOthersFollow() {
    var stored = new AtomicInteger();
    var followed = new AtomicInteger();
    RowFollower ann = start("ann", PAIR, LONG, () -> {});
    start("bob", PAIR, LONG, () -> followed.set(stored.get()));

    stored.set(7);
    ann.announceAndWait();

    assertThat(followed).hasValue(7);
    assertThat(late()).isZero();
  }

  @Test
  void waitsForANodeWhoseFirstAttemptFails() {
    var attempts = new AtomicInteger();
    RowFollower ann = start("ann", PAIR, LONG, () -> {});
    start("bob", PAIR, LONG, () -> refuseOnce(attempts));

    ann.announceAndWait();

    assertThat(attempts.get()).isGreaterThanOrEqualTo(2);
    assertThat(late()).isZero();
  }

  @Test
  void followsHereToo() {
    var stored = new AtomicInteger();
    var followed = new AtomicInteger();
    RowFollower ann = start("ann", PAIR, LONG, () -> followed.set(stored.get()));
    start("bob", PAIR, LONG, () -> {});

    stored.set(7);
    ann.followOnAllNodes();

    assertThat(followed).hasValue(7);
    assertThat(late()).isZero();
  }

  /** Rows that are read before a change must not be what the node follows after it. */
  @Test
  void readsTheRowsAgainWhenTheyAreChangedDuringAReading() throws Exception {
    var stored = new AtomicInteger();
    var followed = new AtomicInteger();
    var blocked = new BlockedReading();
    RowFollower ann =
        start(
            "ann",
            PAIR.subList(0, 1),
            LONG,
            () -> {
              int read = stored.get();
              blocked.run();
              followed.set(read);
            });
    Future<Void> first = ann.followSoon();
    blocked.awaitBegin();

    stored.set(7);
    Future<Boolean> second = ann.followNow();
    assertThat(second.isComplete()).isFalse();
    blocked.release();

    assertThat(second.await()).isTrue();
    assertThat(followed).hasValue(7);
    first.await();
    assertThat(followed).hasValue(7);
  }

  /** However slow the database is, readings do not pile up. */
  @Test
  void readsTheRowsOnceForAllWhoAskDuringAReading() throws Exception {
    var readings = new AtomicInteger();
    var blocked = new BlockedReading();
    RowFollower ann =
        start(
            "ann",
            PAIR.subList(0, 1),
            LONG,
            () -> {
              readings.incrementAndGet();
              blocked.run();
            });
    Future<Void> first = ann.followSoon();
    blocked.awaitBegin();

    List<Future<Void>> asked = IntStream.range(0, 50).mapToObj(_ -> ann.followSoon()).toList();
    blocked.release();
    first.await();
    Future.all(asked).await();

    // Each second asks for one too.
    assertThat(readings).hasValueLessThan(20);
  }

  /** A part of following rows that takes until it is released. */
  private static final class BlockedReading implements Runnable {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    @Override
    public void run() {
      begun.countDown();
      try {
        released.await();
      } catch (InterruptedException stopped) {
        throw new IllegalStateException(stopped);
      }
    }

    void awaitBegin() throws InterruptedException {
      begun.await();
    }

    void release() {
      released.countDown();
    }
  }

  private static void refuseOnce(AtomicInteger attempts) {
    if (attempts.incrementAndGet() == 1) {
      throw new Refused(new Refusal.Unavailable("store_busy"));
    }
  }

  @Test
  void countsAChangeThatANodeDoesNotFollowInTime() {
    RowFollower ann = start("ann", PAIR, Duration.ofMillis(1), () -> {});

    try (var logged = new LoggedErrors(Level.WARN)) {
      ann.announceAndWait();

      assertThat(logged.messages())
          .anyMatch(message -> message.endsWith(": [bob] did not follow a change in time: things"));
    }
    assertThat(late()).isEqualTo(1);
  }

  @Test
  void saysWhatItCannotReadAtTheStart() {
    var calls = new NodeCalls(vertx, bus, () -> PAIR, "ann");
    calls.start().await();
    Runnable fails =
        () -> {
          throw new IllegalStateException("broken");
        };
    try (var logged = new LoggedErrors();
        var follower = new RowFollower(vertx, calls, meters, "chat filter", fails, LONG)) {
      Future<Void> started = follower.startWithReading();

      assertThatThrownBy(started::await).hasMessage("cannot read: chat filter");
      assertThat(logged.messages())
          .anyMatch(
              message ->
                  message.endsWith(
                      ": cannot follow changes, which is tried again every second: chat filter"));
    }
  }

  /** A node that starts reads the rows when it begins to follow them. */
  @Test
  void waitsForNoNodeThatDoesNotFollowYet() {
    RowFollower ann = start("ann", PAIR, LONG, () -> {});
    new NodeCalls(vertx, bus, () -> PAIR, "bob").start().await();

    ann.announceAndWait();

    assertThat(late()).isZero();
  }

  @Test
  void waitsForNobodyWhenItIsAlone() {
    RowFollower ann = start("ann", PAIR.subList(0, 1), LONG, () -> {});

    ann.announceAndWait();

    assertThat(late()).isZero();
  }

  @Test
  void followsNothingMoreOnceItIsClosed() {
    var followed = new AtomicInteger();
    RowFollower ann = start("ann", PAIR, LONG, followed::incrementAndGet);
    ann.close();
    int before = followed.get();

    assertThat(ann.followSoon().failed()).isTrue();
    assertThat(followed).hasValue(before);
  }

  private double late() {
    return meters.get("rookery.cluster.changes.late").counter().count();
  }

  private RowFollower start(String name, List<Member> members, Duration within, Runnable follow) {
    var calls = new NodeCalls(vertx, bus, () -> members, name);
    calls.start().await();
    var follower = new RowFollower(vertx, calls, meters, "things", follow, within);
    follower.start();
    return follower;
  }

  private static Member member(String name) {
    return new Member(1, name, "1", Instant.EPOCH, true, 0, 0, false, 0, 0);
  }
}
