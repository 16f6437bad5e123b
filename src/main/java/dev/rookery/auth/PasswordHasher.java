package dev.rookery.auth;

import dev.rookery.base.Ids;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Hashes passwords on threads of its own: a hash takes tens of milliseconds of a core, and 19 MiB.
 * Whoever waits parks his virtual thread; and whoever asks for something else does not notice, for
 * these threads give way.
 *
 * <p>Only so many may wait; the next ones are refused as {@code Limited("hashing_busy")}, so that a
 * flood of sign-ins costs a bounded amount of memory and the patience of nobody else.
 */
public final class PasswordHasher implements AutoCloseable {
  private static final int QUEUED_PER_THREAD_MAX = 64;
  private static final Duration IDLE_MAX = Duration.ofSeconds(30);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
  private static final AtomicInteger THREADS = new AtomicInteger();

  private final Ids ids;
  private final ThreadPoolExecutor workers;
  private final String unmatchableHash;

  public PasswordHasher(Ids ids, int threads) {
    this.ids = ids;
    this.workers =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_MAX.toSeconds(),
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUED_PER_THREAD_MAX * threads),
            PasswordHasher::newThread);
    // With its thread the memory goes that it hashes in.
    workers.allowCoreThreadTimeOut(true);
    this.unmatchableHash = Argon2.unmatchable(salt(), salt());
  }

  private static Thread newThread(Runnable work) {
    return Thread.ofPlatform()
        .name("hashing-" + THREADS.incrementAndGet())
        .daemon()
        .unstarted(
            () -> {
              ThreadPriority.lower();
              work.run();
            });
  }

  public String hash(String password) {
    return runOnWorker(() -> Argon2.hash(password, salt()));
  }

  /** False after the same work when there is no hash to match. */
  public boolean matches(String password, @Nullable String hash) {
    return runOnWorker(
        () -> Argon2.matches(password, hash == null ? unmatchableHash : hash) && hash != null);
  }

  @Override
  public void close() {
    workers.shutdownNow();
  }

  private byte[] salt() {
    return Base64.getUrlDecoder().decode(ids.token(Argon2.SALT_BYTES));
  }

  private <T> T runOnWorker(Callable<T> work) {
    Promise<T> done = Promise.promise();
    try {
      workers.execute(
          () -> {
            try {
              done.complete(work.call());
            } catch (Exception | Error failed) {
              done.fail(failed);
            }
          });
    } catch (RejectedExecutionException _) {
      throw new Refused(new Refusal.Limited("hashing_busy", RETRY_AFTER));
    }
    return done.future().await();
  }
}
