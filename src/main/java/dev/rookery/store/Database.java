package dev.rookery.store;

import dev.rookery.base.Refused;
import java.util.function.Function;

/**
 * The one database of all nodes. Both calls park the calling virtual thread until the answer is
 * there; they must not be made on an event loop.
 *
 * <p>One text of SQL serves SQLite and PostgreSQL: {@code $1} placeholders, numbered in the order in
 * which they first appear. When the database is away or full, calls fail with {@link Refused} {@code
 * unavailable} and nothing is changed.
 */
public interface Database extends AutoCloseable {
  /** One statement that changes nothing, outside any transaction; sees all that was committed. */
  Rows read(String sql, Object... values);

  /**
   * All or nothing, and on the disk before this returns. What {@code work} throws rolls everything
   * back and is thrown again. {@code work} may run more than once (a lost race, a deadlock), on
   * another thread, so it must do nothing but talk to the transaction: no waiting, no commands, no
   * hashing.
   *
   * <p>Events appended go to the followers after the commit, never before, in the order of the
   * append.
   */
  <T> T write(Function<Transaction, T> work);

  Dialect dialect();

  @Override
  void close();
}
