package dev.rookery.store;

import dev.rookery.base.Refused;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one database of all nodes. Both calls park the calling virtual thread until the answer is
 * there; on an event loop they throw.
 *
 * <p>One text of SQL serves SQLite and PostgreSQL: {@code $1} placeholders, numbered in the order
 * in which they first appear. Values are String, Long, Integer, or null. When the database is away
 * or full, calls fail with {@link Refused} {@code unavailable} and nothing is changed; the one
 * exception is told at {@link #write}.
 */
public interface Database extends Reader, AutoCloseable {
  /** One statement that changes nothing, outside any transaction; sees all that was committed. */
  @Override
  Rows read(String sql, @Nullable Object... values);

  /**
   * All or nothing, and on the disk before this returns. What {@code work} throws rolls everything
   * back and is thrown again. {@code work} may run more than once (a lost race, a deadlock), on
   * another thread, so it must do nothing but talk to the transaction: no waiting, no commands, no
   * hashing.
   *
   * <p>Events appended go to the followers after the commit, never before, in the order of the
   * append.
   *
   * <p>When the connection to a PostgreSQL breaks between a COMMIT and its answer, nobody can tell
   * whether it happened: the call fails with {@code unavailable}, although everything may have been
   * done. It was then done entirely, events included. Callers for whom that matters use an
   * idempotency key.
   */
  <T> T write(Function<Transaction, T> work);

  @Override
  void close();
}
