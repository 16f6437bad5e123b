package dev.rookery.extensionhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class CallThreadsTest {
  private static final int MAX = 4;

  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ForkJoinPool pool =
      ExtensionThreads.create("test", CallThreadsTest.class.getClassLoader(), MAX);
  private final EventLoop clock = loops.next();
  private final CallThreads threads =
      new CallThreads(pool, MAX, clock, LoggerFactory.getLogger(CallThreadsTest.class));

  @AfterEach
  void stop() {
    pool.shutdownNow();
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS);
  }

  @Test
  void shortCallsShareThreads() throws Exception {
    Set<Thread> used = ConcurrentHashMap.newKeySet();
    var done = new CountDownLatch(1_000);
    threads.execute(
        IntStream.range(0, 1_000)
            .<Runnable>mapToObj(
                _ ->
                    () -> {
                      used.add(Thread.currentThread());
                      done.countDown();
                    })
            .toList());
    assertThat(done.await(2, TimeUnit.MINUTES)).isTrue();
    assertThat(used.size()).isLessThanOrEqualTo(MAX);
  }

  @Test
  void aCallThatNeverWaitsForTheServerHoldsUpNoOther() throws Exception {
    var gate = new CountDownLatch(1);
    var done = new CountDownLatch(3);
    threads.execute(List.of(() -> acquire(gate)));
    threads.execute(List.of(done::countDown, done::countDown, done::countDown));
    assertThat(done.await(2, TimeUnit.MINUTES)).isTrue();
    gate.countDown();
  }

  @Test
  void nextCallBeginsWhenOneWaitsForTheServer() throws Exception {
    var gate = new CountDownLatch(1);
    var begun = new Semaphore(0);
    Runnable call =
        () ->
            CallThreads.whileWaiting(
                () -> {
                  begun.release();
                  return acquire(gate);
                });
    threads.execute(Collections.nCopies(MAX + 1, call));
    assertThat(begun.tryAcquire(MAX, 2, TimeUnit.MINUTES)).isTrue();
    // All threads wait, and the last call with them.
    assertThat(begun.availablePermits()).isZero();
    gate.countDown();
    assertThat(begun.tryAcquire(2, TimeUnit.MINUTES)).isTrue();
  }

  @Test
  void callsGoOnAfterOneThatThrows() throws Exception {
    var done = new CountDownLatch(1);
    threads.execute(
        List.of(
            () -> {
              throw new IllegalStateException("as calls never do");
            },
            done::countDown));
    assertThat(done.await(2, TimeUnit.MINUTES)).isTrue();
  }

  private static boolean acquire(CountDownLatch gate) {
    try {
      return gate.await(2, TimeUnit.MINUTES);
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
