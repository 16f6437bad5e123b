package dev.rookery.store;

import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Translates SQLite failures into refusals, and tells failures of the file from errors of a
 * statement.
 *
 * <p>A full disk may have room again, so each write is tried; the failure is logged when it begins
 * and when it ends. A corrupt file refuses writes until an operator has repaired it and restarted
 * the node.
 */
final class SqliteErrors {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteErrors.class);

  private final DatabaseLocation.File location;
  private final WriteState writes;
  private volatile boolean unavailable;
  private volatile boolean corrupt;

  SqliteErrors(DatabaseLocation.File location, WriteState writes) {
    this.location = location;
    this.writes = writes;
  }

  /** Whether the file is corrupt, so that no write is tried. */
  boolean isCorrupt() {
    return corrupt;
  }

  /** Records a commit. */
  void recordSuccess() {
    writes.recordCommitted();
    if (unavailable) {
      unavailable = false;
      LOG.info("{} accepts writes again", location.path());
    }
  }

  /** Translates a failure into the exception that the caller receives. */
  RuntimeException translate(SQLException failure) {
    if (!(failure instanceof SQLiteException sqliteFailure)) {
      return new StatementException(false, failure.getMessage(), failure);
    }
    SQLiteErrorCode code = sqliteFailure.getResultCode();
    return switch (SQLiteErrorCode.getErrorCode(code.code & 0xff)) {
      case SQLITE_CONSTRAINT ->
          new StatementException(
              code == SQLiteErrorCode.SQLITE_CONSTRAINT_UNIQUE
                  || code == SQLiteErrorCode.SQLITE_CONSTRAINT_PRIMARYKEY,
              sqliteFailure.getMessage(),
              sqliteFailure);
      case SQLITE_INTERRUPT -> StoreRefusals.timeout();
      case SQLITE_CORRUPT, SQLITE_NOTADB -> {
        writes.recordRefused();
        if (!corrupt) {
          corrupt = true;
          LOG.error("{} is corrupt; all writes are refused", location.path(), sqliteFailure);
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
        writes.recordRefused();
        if (!unavailable) {
          unavailable = true;
          LOG.error("{} cannot be used; every call tries it again", location.path(), sqliteFailure);
        }
        yield StoreRefusals.unavailable();
      }
      default -> new StatementException(false, sqliteFailure.getMessage(), sqliteFailure);
    };
  }
}
