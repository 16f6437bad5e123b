package dev.rookery.store;

import io.vertx.pgclient.PgException;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Translates PostgreSQL failures into refusals, and tells outages from errors of a statement by the
 * class of the SQLSTATE. An outage is logged when it begins and when it ends, not for each call.
 */
final class PostgresErrors {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresErrors.class);

  private static final Set<String> LOST_RACES = Set.of("40001", "40P01");
  private static final String LOCK_TIMEOUT = "55P03";
  private static final String STATEMENT_CANCELLED = "57014";

  private static final String READ_ONLY = "25006";
  // Full disks and broken ones.
  private static final Set<String> WRITES_REFUSED = Set.of(READ_ONLY, "53100", "58030");

  private final DatabaseLocation.Server location;
  private final WriteState writes;
  private volatile boolean unavailable;
  private volatile boolean closed;

  PostgresErrors(DatabaseLocation.Server location, WriteState writes) {
    this.location = location;
    this.writes = writes;
  }

  /** Whether the server takes no writes: a standby, or one that was made read-only. */
  static boolean isReadOnly(Throwable failure) {
    return failure instanceof PgException refused && refused.getSqlState().equals(READ_ONLY);
  }

  /**
   * Whether the transaction lost a race with another one: a serialization failure or a deadlock.
   */
  static boolean isLostRace(Throwable failure) {
    return failure instanceof PgException refused && LOST_RACES.contains(refused.getSqlState());
  }

  /** Whether a lock could not be acquired within its timeout. */
  static boolean isLocked(Throwable failure) {
    return failure instanceof PgException refused && refused.getSqlState().equals(LOCK_TIMEOUT);
  }

  /** Whether the server replied with an error, so that its outcome is known. */
  static boolean isServerReply(Throwable failure) {
    return failure instanceof PgException refused && !isOutage(refused.getSqlState());
  }

  /**
   * From now on there are no connections, which says nothing about the server. False if that was
   * known.
   */
  synchronized boolean close() {
    boolean first = !closed;
    closed = true;
    return first;
  }

  void recordSuccess() {
    if (unavailable) {
      unavailable = false;
      LOG.info("{} is available again", location);
    }
  }

  void recordCommit() {
    recordSuccess();
    writes.recordCommitted();
  }

  /** Translates a failure into the exception that the caller receives. */
  RuntimeException translate(Throwable failure) {
    if (failure instanceof PgException refused) {
      String state = refused.getSqlState();
      if (state.equals(STATEMENT_CANCELLED) || state.equals(LOCK_TIMEOUT)) {
        return StoreRefusals.timeout();
      }
      if (!isOutage(state)) {
        return new StatementException(state.equals("23505"), refused.getMessage(), refused);
      }
    } else if (failure instanceof InterruptedException) {
      // The caller is being stopped; this says nothing about the server.
      Thread.currentThread().interrupt();
      return StoreRefusals.unavailable();
    } else if (isPoolExhausted(failure)) {
      return StoreRefusals.busy();
    } else if (failure instanceof TimeoutException) {
      recordOutage(failure);
      return StoreRefusals.timeout();
    } else if (failure instanceof IllegalArgumentException
        || failure instanceof ClassCastException) {
      return new StatementException(false, String.valueOf(failure.getMessage()), failure);
    }
    recordOutage(failure);
    return StoreRefusals.unavailable();
  }

  private void recordOutage(Throwable failure) {
    if (failure instanceof PgException refused && WRITES_REFUSED.contains(refused.getSqlState())) {
      if (writes.recordRefused()) {
        LOG.error("{} refuses writes; every call tries it again", location, failure);
      }
    } else if (!unavailable && !closed) {
      unavailable = true;
      LOG.error("{} is unavailable; every call tries it again", location, failure);
    }
  }

  /**
   * Connection failures, exhausted resources (disk full among them), shutdown, and a read-only
   * standby.
   */
  private static boolean isOutage(String state) {
    return state.startsWith("08")
        || state.startsWith("53")
        || state.startsWith("57P")
        || state.startsWith("58")
        || state.startsWith("XX")
        || state.equals("25006");
  }

  /** The pool reports this in the message alone. */
  private static boolean isPoolExhausted(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    return message.contains("max wait queue size") || message.equals("Timeout");
  }
}
