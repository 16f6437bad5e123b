package dev.rookery.store;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLException;

/**
 * Looks at a PostgreSQL before the schema is migrated, so that a database on which the node would
 * fail later is refused at the start, in one sentence.
 */
final class PostgresStart {
  private static final int CONNECTS_MAX = 10;
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int STATEMENT_SECONDS_MAX = 10;
  private static final int SESSION_CHECKS = 2;
  private static final String STARTING = "57P03";
  private static final String TOO_MANY_CONNECTIONS = "53300";

  private PostgresStart() {}

  /**
   * Checks the server. Waits some seconds for one that is starting.
   *
   * @throws IllegalStateException if the node cannot work with it; the message says why
   */
  static void check(DatabaseLocation.Server at) {
    if (!at.isSocket()) {
      // The driver would hide what is wrong with the files.
      TlsMaterial.read(at.tls());
    }
    try (Connection first = connect(at)) {
      String encoding = value(first, "SHOW server_encoding");
      if (!encoding.equals("UTF8")) {
        throw new IllegalStateException(
            at
                + " has the encoding "
                + encoding
                + ", but UTF8 is needed; make a database with CREATE DATABASE … ENCODING 'UTF8'"
                + " TEMPLATE template0");
      }
      if (value(first, "SHOW transaction_read_only").equals("on")) {
        throw new IllegalStateException(
            at + " is read-only, as a standby is; connect to the server that takes writes");
      }
      if (!at.pooled() && !keepsSession(first, at)) {
        throw new IllegalStateException(
            at
                + " is a connection pooler that gives each transaction another session; set"
                + " store.pooled (POSTGRES_POOLED) to true, or switch the pooler to sessions");
      }
    } catch (SQLException failure) {
      throw new IllegalStateException(at + " cannot be used: " + reason(failure), failure);
    }
  }

  /**
   * Whether a connection has a session of its own. Two connections with the same session are those
   * of a pooler, and so is one whose session changes while another connection holds the first.
   */
  private static boolean keepsSession(Connection first, DatabaseLocation.Server at)
      throws SQLException {
    String session = session(first);
    for (int i = 0; i < SESSION_CHECKS; i++) {
      try (Connection other = connect(at)) {
        other.setAutoCommit(false);
        if (session(other).equals(session) || !session(first).equals(session)) {
          return false;
        }
        other.rollback();
      }
    }
    return true;
  }

  private static String session(Connection connection) throws SQLException {
    return value(connection, "SELECT pg_backend_pid()");
  }

  private static String value(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(STATEMENT_SECONDS_MAX);
      try (ResultSet results = statement.executeQuery(sql)) {
        results.next();
        return results.getString(1);
      }
    }
  }

  private static Connection connect(DatabaseLocation.Server at) throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try {
        return PostgresJdbc.connect(at);
      } catch (SQLException failure) {
        if (attempt == CONNECTS_MAX || !mayEnd(failure)) {
          throw failure;
        }
        pause();
      }
    }
  }

  /** Whether the server may accept the same connection a little later. */
  private static boolean mayEnd(SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    Throwable cause = failure.getCause();
    return state.equals(STARTING)
        || state.equals(TOO_MANY_CONNECTIONS)
        || (cause instanceof IOException && !(cause instanceof SSLException));
  }

  private static void pause() {
    LockSupport.parkNanos(PAUSE_NANOS);
    if (Thread.interrupted()) {
      throw new IllegalStateException("the start was interrupted");
    }
  }

  /** What the driver says, in one line. */
  private static String reason(SQLException failure) {
    String message = String.valueOf(failure.getMessage());
    return message.lines().findFirst().orElse(message);
  }
}
