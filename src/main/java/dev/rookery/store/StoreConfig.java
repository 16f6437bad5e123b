package dev.rookery.store;

import java.time.Duration;

/**
 * How the store is set up.
 *
 * @param connections of PostgreSQL: how many; of SQLite: how many that read, beside the one that
 *     writes
 * @param waitingMax calls that may wait for a connection or the writer; more are refused with
 *     {@code store_busy}
 * @param statementWithin a statement that takes longer is stopped, and refused with {@code
 *     store_timeout}
 * @param connectWithin how long to wait for a connection to be made
 * @param historyFor how long committed events stay readable
 * @param historyMax how many of one stream stay readable, roughly
 * @param answersFor how long answers to idempotency keys are remembered
 * @param streamsFor how long a stream may be silent before its head is forgotten
 */
public record StoreConfig(
    DatabaseLocation location,
    int connections,
    int waitingMax,
    Duration statementWithin,
    Duration connectWithin,
    Duration historyFor,
    int historyMax,
    Duration answersFor,
    Duration streamsFor) {
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
        Duration.ofHours(48));
  }

  StoreConfig withConnections(int number) {
    return new StoreConfig(
        location,
        number,
        waitingMax,
        statementWithin,
        connectWithin,
        historyFor,
        historyMax,
        answersFor,
        streamsFor);
  }
}
