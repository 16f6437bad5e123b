package dev.rookery.extension;

import io.vertx.sqlclient.SqlClient;
import org.jspecify.annotations.Nullable;

/** Work that runs under a lock, in one transaction of the tables of the extension. */
@FunctionalInterface
public interface TransactionalWork<T extends @Nullable Object, E extends Exception> {
  /**
   * @param transaction runs statements in the transaction; for the calling thread alone, and only
   *     until this returns
   */
  T run(SqlClient transaction) throws E;
}
