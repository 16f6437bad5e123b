package dev.rookery.store;

import java.time.Duration;

/**
 * Settings of the store.
 *
 * @param connections for PostgreSQL the number of connections; for SQLite the number of reading
 *     connections, beside the one that writes
 * @param pendingMax number of calls that may wait for a connection or the writer; further ones are
 *     refused with {@code store_busy}
 * @param statementTimeout a statement that takes longer is stopped and refused with {@code
 *     store_timeout}
 * @param connectTimeout timeout of opening a connection
 * @param historyRetention how long committed events can be read
 * @param historyEventsMax approximate number of events of one stream that can be read
 * @param idempotencyRetention how long answers to idempotency keys are kept
 * @param streamRetention how long a stream may be silent before its head is deleted
 * @param unreadRetention how long events are kept for a durable consumer that has not read them
 */
public record StoreConfig(
    DatabaseLocation location,
    int connections,
    int pendingMax,
    Duration statementTimeout,
    Duration connectTimeout,
    Duration historyRetention,
    int historyEventsMax,
    Duration idempotencyRetention,
    Duration streamRetention,
    Duration unreadRetention) {
  /** How long a stream may be silent before its head is deleted. */
  public static final Duration STREAM_RETENTION = Duration.ofHours(48);

  /** The default settings for a location. */
  public static StoreConfig of(DatabaseLocation location) {
    return new StoreConfig(
        location,
        16,
        10_000,
        Duration.ofSeconds(5),
        Duration.ofSeconds(5),
        Duration.ofMinutes(10),
        1_000,
        Duration.ofHours(24),
        STREAM_RETENTION,
        Duration.ofHours(24));
  }

  /** The same database with the bounds of {@link ReadLane}. */
  StoreConfig forLane() {
    Duration shorter =
        statementTimeout.compareTo(ReadLane.STATEMENT_TIMEOUT) < 0
            ? statementTimeout
            : ReadLane.STATEMENT_TIMEOUT;
    return with(ReadLane.CONNECTIONS, ReadLane.PENDING_MAX, shorter);
  }

  StoreConfig withConnections(int number) {
    return with(number, pendingMax, statementTimeout);
  }

  private StoreConfig with(int number, int newPendingMax, Duration newStatementTimeout) {
    return new StoreConfig(
        location,
        number,
        newPendingMax,
        newStatementTimeout,
        connectTimeout,
        historyRetention,
        historyEventsMax,
        idempotencyRetention,
        streamRetention,
        unreadRetention);
  }
}
