package dev.rookery.store;

import java.nio.file.Path;
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
 * and when it ends. A corrupt file refuses writes, and one that was removed everything, until an
 * operator has repaired it and restarted the node.
 */
final class SqliteErrors {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteErrors.class);

  private final DatabaseLocation.File location;
  private final WriteState writes;
  private final DatabaseFiles files;
  private volatile boolean unavailable;
  private volatile boolean corrupt;
  private volatile boolean missing;

  SqliteErrors(DatabaseLocation.File location, WriteState writes) {
    this.location = location;
    this.writes = writes;
    this.files = new DatabaseFiles(location.path());
  }

  /** Whether the file is corrupt or was removed, so that no write is tried. */
  boolean refusesWrites() {
    return corrupt || missing;
  }

  /** Whether the file was removed or replaced, so that nothing is read from it either. */
  boolean isMissing() {
    return missing;
  }

  /**
   * Looks whether the files are still in place. Once one is not, everything is refused until the
   * node is restarted: what was committed since then is not in the file at the path.
   *
   * @return false if one of them was removed or replaced
   */
  boolean checkFiles() {
    if (missing) {
      return false;
    }
    Path gone = files.findMissing();
    if (gone == null) {
      return true;
    }
    missing = true;
    writes.recordRefused();
    LOG.error(
        "{} was removed or replaced while the node runs; nothing is read or written any more: put"
            + " the database back and restart the node",
        gone);
    return false;
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
