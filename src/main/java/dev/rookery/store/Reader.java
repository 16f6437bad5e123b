package dev.rookery.store;

import org.jspecify.annotations.Nullable;

/**
 * Where one can read: a {@link Database}, or a {@link Transaction}, which sees its own changes too.
 */
public interface Reader {
  /** One statement that changes nothing. */
  Rows read(String sql, @Nullable Object... values);

  Dialect dialect();
}
