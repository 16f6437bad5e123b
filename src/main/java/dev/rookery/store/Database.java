package dev.rookery.store;

import dev.rookery.base.Refused;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The database shared by all nodes. Both calls block the calling virtual thread until the result is
 * there; on an event loop they throw {@link IllegalStateException}.
 *
 * <p>The same SQL runs on SQLite and PostgreSQL: {@code $1} placeholders, numbered in the order in
 * which they first appear. Values are String, Long, Integer, or null. When the database is
 * unavailable or full, calls fail with {@link Refused} {@code Unavailable} and nothing is changed;
 * the one exception is described at {@link #write}.
 */
public interface Database extends Reader, AutoCloseable {
  /**
   * Runs one statement that changes nothing, outside any transaction. It sees everything that was
   * committed before.
   */
  @Override
  Rows read(String sql, @Nullable Object... values);

  /**
   * Runs a unit of work in a transaction: all or nothing, and durable before this returns. An
   * exception of {@code work} rolls everything back and is rethrown. {@code work} may run more than
   * once (lost race, deadlock) and on another thread, so it must use only the transaction: no
   * waiting, no commands, no hashing.
   *
   * <p>Appended events are published to subscribers after the commit, never before, in the order in
   * which they were appended.
   *
   * <p>When the connection to PostgreSQL breaks between a COMMIT and its reply, the outcome is
   * unknown: the call fails with {@code Unavailable} although the transaction may be committed,
   * completely and with its events. Callers that must know use an idempotency key.
   */
  <T> T write(Function<Transaction, T> work);

  /**
   * As {@link #write}, and again in a new transaction if one has violated a unique constraint: at
   * most {@code triesMax} calls of it in all. For work that chooses a key which is free when it
   * reads, and that another transaction may take meanwhile: each try reads and chooses anew, and
   * only the last leaves anything behind. If that fails too, its {@link StatementException} is
   * thrown, as is any other failure at once.
   */
  default <T> T writeRetryingDuplicates(int triesMax, Function<Transaction, T> work) {
    for (int tries = 1; ; tries++) {
      try {
        return write(work);
      } catch (StatementException failed) {
        if (!failed.isDuplicate() || tries >= triesMax) {
          throw failed;
        }
      }
    }
  }

  /** Where its metrics are registered, for what works on top of it. */
  MeterRegistry registry();

  @Override
  void close();
}
