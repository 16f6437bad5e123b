package dev.rookery.store;

import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Tells the failures of the file from those of a statement, and remembers them.
 *
 * <p>A full disk may have room again, so writing is tried each time; it is logged when it begins
 * and when it is over. A corrupt file stays refused until somebody has looked at it.
 */
final class SqliteErrors {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteErrors.class);

  private final DatabaseLocation.File at;
  private volatile boolean failing;
  private volatile boolean corrupt;

  SqliteErrors(DatabaseLocation.File at) {
    this.at = at;
  }

  /** Whether it makes no sense even to try. */
  boolean isCorrupt() {
    return corrupt;
  }

  void wrote() {
    if (failing) {
      failing = false;
      LOG.info("{} takes writes again", at.path());
    }
  }

  /** What the caller is to be told of a failure. */
  RuntimeException explain(SQLException failure) {
    if (!(failure instanceof SQLiteException broken)) {
      return new StatementException(false, failure.getMessage(), failure);
    }
    SQLiteErrorCode code = broken.getResultCode();
    return switch (SQLiteErrorCode.getErrorCode(code.code & 0xff)) {
      case SQLITE_CONSTRAINT ->
          new StatementException(
              code == SQLiteErrorCode.SQLITE_CONSTRAINT_UNIQUE
                  || code == SQLiteErrorCode.SQLITE_CONSTRAINT_PRIMARYKEY,
              broken.getMessage(),
              broken);
      case SQLITE_INTERRUPT -> StoreRefusals.timeout();
      case SQLITE_CORRUPT, SQLITE_NOTADB -> {
        if (!corrupt) {
          corrupt = true;
          LOG.error("{} is corrupt; all writes are refused from now on", at.path(), broken);
        }
        yield StoreRefusals.unavailable();
      }
      case SQLITE_FULL,
          SQLITE_IOERR,
          SQLITE_CANTOPEN,
          SQLITE_READONLY,
          SQLITE_NOMEM,
          SQLITE_PERM,
          SQLITE_AUTH,
          SQLITE_PROTOCOL,
          SQLITE_BUSY,
          SQLITE_LOCKED -> {
        if (!failing) {
          failing = true;
          LOG.error("{} cannot be used; this is tried again with each call", at.path(), broken);
        }
        yield StoreRefusals.unavailable();
      }
      default -> new StatementException(false, broken.getMessage(), broken);
    };
  }
}
