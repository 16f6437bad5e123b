package dev.rookery.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.Ids;
import dev.rookery.base.Refused;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.SeededIds;
import dev.rookery.testkit.TestPasswords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Hashes match only their password, and the queue of the hasher is bounded. */
final class PasswordHasherTest {
  private final PasswordHasher passwordHasher =
      new PasswordHasher(new SeededIds(3), 1, PasswordCost.RECOMMENDED);

  @AfterEach
  void close() {
    passwordHasher.close();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void hashingThreadsHaveLowPriority() throws IOException {
    passwordHasher.hash("correct horse");

    var hashing = new ArrayList<Integer>();
    for (String stat : threadStats()) {
      // The thread name stands in brackets; field 19 of the stat file is the nice value.
      int name = stat.indexOf('(');
      int nice = Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[16]);
      if (stat.startsWith("hashing-", name + 1)) {
        hashing.add(nice);
      } else {
        assertThat(nice).as(stat).isLessThan(10);
      }
    }
    assertThat(hashing).isNotEmpty().containsOnly(10);
  }

  private static List<String> threadStats() throws IOException {
    var threads = new ArrayList<String>();
    try (var folders = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
      for (Path thread : folders) {
        try {
          threads.add(Files.readString(thread.resolve("stat")));
        } catch (IOException _) {
          // The thread has ended meanwhile.
        }
      }
    }
    return threads;
  }

  @Test
  void hashMatchesOnlyItsPassword() {
    String hash = passwordHasher.hash("correct horse ü");
    assertThat(hash).startsWith("$argon2id$v=19$m=19456,t=2,p=1$").doesNotContain("horse");
    assertThat(passwordHasher.hash("correct horse ü")).as("salted").isNotEqualTo(hash);
    assertThat(passwordHasher.matches("correct horse ü", hash)).isTrue();
    assertThat(passwordHasher.matches("correct horse u", hash)).isFalse();
    assertThat(passwordHasher.matches("", hash)).isFalse();
    assertThat(passwordHasher.matches("correct horse ü", null)).isFalse();
  }

  // Computed with the reference implementation: argon2id, 64 MiB, 2 passes, 1 lane.
  @Test
  void verifiesHashesWithOtherParameters() {
    assertThat(
            Argon2.matches(
                "password",
                "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ"
                    + "$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"))
        .isTrue();
  }

  @Test
  void invalidHashMatchesNothing() {
    for (String other :
        new String[] {"", "password", "$2b$12$abcdefghijklmnopqrstuv", "$argon2id$v=19$m=1,t=1"}) {
      assertThat(passwordHasher.matches("password", other)).isFalse();
    }
  }

  @Test
  void refusesHashesBeyondTheQueueLimit() throws Exception {
    var ids = new BlockingIds();
    try (var busy = new PasswordHasher(ids, 1, TestPasswords.COST);
        var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      ids.blocking = true;
      Future<String> first = callers.submit(() -> busy.hash("password"));
      assertThat(ids.reached.await(120, TimeUnit.SECONDS)).isTrue();

      var all = new ArrayList<Future<Boolean>>();
      for (int i = 0; i < 100; i++) {
        all.add(callers.submit(() -> busy.matches("password", null)));
      }
      // The refused calls end, the others wait for the one that is blocked.
      try {
        Eventually.holds(() -> all.stream().filter(Future::isDone).count() == 36);
      } finally {
        ids.released.countDown();
      }

      assertThat(first.get()).startsWith("$argon2id$");
      int refused = 0;
      for (Future<Boolean> one : all) {
        try {
          assertThat(one.get()).isFalse();
        } catch (ExecutionException failed) {
          assertThat(failed.getCause()).isInstanceOf(Refused.class).hasMessage("hashing_busy");
          refused++;
        }
      }
      assertThat(refused).isEqualTo(36);
    }
  }

  /** Keeps the thread that asks for a salt until it is released. */
  private static final class BlockingIds implements Ids {
    private final Ids ids = new SeededIds(4);
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile boolean blocking;

    @Override
    public String uuid() {
      return ids.uuid();
    }

    @Override
    public String token(int bytes) {
      if (blocking) {
        reached.countDown();
        try {
          released.await();
        } catch (InterruptedException interrupted) {
          throw new IllegalStateException(interrupted);
        }
      }
      return ids.token(bytes);
    }
  }
}
