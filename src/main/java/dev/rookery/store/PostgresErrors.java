package dev.rookery.store;

import io.vertx.pgclient.PgException;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the failures of the server from those of a statement, by the classes of SQLSTATE. An outage
 * is logged when it begins and when it is over, not for each call that it costs.
 */
final class PostgresErrors {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresErrors.class);

  private static final Set<String> RACES = Set.of("40001", "40P01");
  private static final String LOCKED = "55P03";
  private static final String STOPPED = "57014";

  private final DatabaseLocation.Server at;
  private volatile boolean failing;

  PostgresErrors(DatabaseLocation.Server at) {
    this.at = at;
  }

  /** Two transactions were in each other's way, and this one had to give up. */
  static boolean isLostRace(Throwable failure) {
    return failure instanceof PgException refused && RACES.contains(refused.getSqlState());
  }

  /** A lock was not to be had in the time set for it. */
  static boolean isLocked(Throwable failure) {
    return failure instanceof PgException refused && refused.getSqlState().equals(LOCKED);
  }

  /** Whether the server itself has spoken: then its word is all that happened. */
  static boolean isAnswer(Throwable failure) {
    return failure instanceof PgException refused && !isOutage(refused.getSqlState());
  }

  void worked() {
    if (failing) {
      failing = false;
      LOG.info("{} answers again", at);
    }
  }

  /** What the caller is to be told of a failure. */
  RuntimeException explain(Throwable failure) {
    if (failure instanceof PgException refused) {
      String state = refused.getSqlState();
      if (state.equals(STOPPED) || state.equals(LOCKED)) {
        return StoreRefusals.timeout();
      }
      if (!isOutage(state)) {
        return new StatementException(state.equals("23505"), refused.getMessage(), refused);
      }
    } else if (failure instanceof InterruptedException) {
      // The caller is being stopped; the server has nothing to do with it.
      Thread.currentThread().interrupt();
      return StoreRefusals.unavailable();
    } else if (isCrowded(failure)) {
      return StoreRefusals.busy();
    } else if (failure instanceof TimeoutException) {
      outage(failure);
      return StoreRefusals.timeout();
    } else if (failure instanceof IllegalArgumentException
        || failure instanceof ClassCastException) {
      return new StatementException(false, String.valueOf(failure.getMessage()), failure);
    }
    outage(failure);
    return StoreRefusals.unavailable();
  }

  private void outage(Throwable failure) {
    if (!failing) {
      failing = true;
      LOG.error("{} cannot be used; this is tried again with each call", at, failure);
    }
  }

  /** Connection failures, resources (disk full among them), shutdown, a standby that only reads. */
  private static boolean isOutage(String state) {
    return state.startsWith("08")
        || state.startsWith("53")
        || state.startsWith("57P")
        || state.startsWith("58")
        || state.startsWith("XX")
        || state.equals("25006");
  }

  /** The pool says so in words alone. */
  private static boolean isCrowded(Throwable failure) {
    String words = String.valueOf(failure.getMessage());
    return words.contains("max wait queue size") || words.equals("Timeout");
  }
}
