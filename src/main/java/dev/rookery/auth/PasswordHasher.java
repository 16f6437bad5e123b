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
  private static final int WAITING_PER_THREAD = 64;
  private static final Duration IDLE = Duration.ofSeconds(30);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
  private static final AtomicInteger HASHERS = new AtomicInteger();

  private final Ids ids;
  private final ThreadPoolExecutor workers;
  private final String nobodys;

  public PasswordHasher(Ids ids, int threads) {
    this.ids = ids;
    this.workers =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE.toSeconds(),
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING_PER_THREAD * threads),
            PasswordHasher::hasher);
    // With its thread the memory goes that it hashes in.
    workers.allowCoreThreadTimeOut(true);
    this.nobodys = Argon2.unmatchable(salt(), salt());
  }

  private static Thread hasher(Runnable work) {
    return Thread.ofPlatform()
        .name("hashing-" + HASHERS.incrementAndGet())
        .daemon()
        .unstarted(
            () -> {
              ThreadPriority.giveWay();
              work.run();
            });
  }

  public String hash(String password) {
    return on(() -> Argon2.hash(password, salt()));
  }

  /** False after the same work when there is no hash to match. */
  public boolean matches(String password, @Nullable String hash) {
    return on(() -> Argon2.matches(password, hash == null ? nobodys : hash) && hash != null);
  }

  @Override
  public void close() {
    workers.shutdownNow();
  }

  private byte[] salt() {
    return Base64.getUrlDecoder().decode(ids.token(Argon2.SALT_BYTES));
  }

  private <T> T on(Callable<T> work) {
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
