package dev.rookery.auth;

import dev.rookery.base.ComparedText;
import dev.rookery.base.FatalErrors;
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
 * Hashes and verifies passwords on its own low-priority threads. A hash of the {@linkplain
 * PasswordCost#RECOMMENDED recommended cost} takes tens of milliseconds of a core and 19 MiB of
 * memory; the calling virtual thread parks meanwhile, and other work of the node takes precedence.
 *
 * <p>At most {@value #QUEUED_PER_THREAD_MAX} hashes wait per thread. Beyond that calls are {@code
 * Limited("hashing_busy")}, so a flood of sign-ins uses bounded memory and time.
 */
public final class PasswordHasher implements AutoCloseable {
  private static final int QUEUED_PER_THREAD_MAX = 64;
  private static final Duration IDLE_MAX = Duration.ofSeconds(30);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
  private static final AtomicInteger THREADS = new AtomicInteger();

  private final Ids ids;
  private final PasswordCost cost;
  private final ThreadPoolExecutor workers;
  private final String unmatchableHash;

  public PasswordHasher(Ids ids, int threads, PasswordCost cost) {
    this.ids = ids;
    this.cost = cost;
    this.workers =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_MAX.toSeconds(),
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUED_PER_THREAD_MAX * threads),
            PasswordHasher::newThread);
    // A thread that ends releases its hashing memory.
    workers.allowCoreThreadTimeOut(true);
    this.unmatchableHash = Argon2.unmatchable(salt(), salt(), cost);
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

  /**
   * Returns the Argon2id hash of the password under a new salt. It is the hash of the normalized
   * password, because keyboards write one character in several ways.
   */
  public String hash(String password) {
    return runOnWorker(() -> Argon2.hash(ComparedText.password(password), salt(), cost));
  }

  /** As {@link #verify}, for a caller that does not replace hashes. */
  public boolean matches(String password, @Nullable String hash) {
    return verify(password, hash) != Match.NONE;
  }

  /** Returns whether the password matches. A null hash never matches, after the same work. */
  public Match verify(String password, @Nullable String hash) {
    String compared = hash == null ? unmatchableHash : hash;
    return runOnWorker(
        () -> {
          String normalized = ComparedText.password(password);
          boolean current = Argon2.matches(normalized, compared);
          boolean outdated =
              !current && !normalized.equals(password) && Argon2.matches(password, compared);
          return hash == null || !(current || outdated)
              ? Match.NONE
              : current ? Match.CURRENT : Match.OUTDATED;
        });
  }

  /** Whether a password matches a hash. */
  public enum Match {
    NONE,
    CURRENT,
    /** The hash is that of the password as it was typed, from before passwords were normalized. */
    OUTDATED
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
              FatalErrors.endIfFatal(failed);
              done.fail(failed);
            }
          });
    } catch (RejectedExecutionException _) {
      throw new Refused(new Refusal.Limited("hashing_busy", RETRY_AFTER));
    }
    return done.future().await();
  }
}
