package dev.rookery.store;

import org.jspecify.annotations.Nullable;

/**
 * Reads from the database: a {@link Database}, or a {@link Transaction}, which sees its own changes
 * too.
 */
public interface Reader {
  /** Runs one statement that changes nothing. */
  Rows read(String sql, @Nullable Object... values);

  Dialect dialect();
}
