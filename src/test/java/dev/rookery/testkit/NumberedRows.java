package dev.rookery.testkit;

import dev.rookery.store.Database;
import dev.rookery.store.Dialect;
import dev.rookery.store.Transaction;
import java.util.function.Consumer;

/** Inserts many rows by statements that count up, so that no client is needed to have them. */
public final class NumberedRows {
  private static final int STEP = 50_000;

  private static final String NUMBERS_OF_SQLITE =
      """
      WITH RECURSIVE number (n) AS (
        SELECT CAST($1 AS BIGINT) UNION ALL SELECT n + 1 FROM number WHERE n < $2)
      """;

  private static final String NUMBERS_OF_POSTGRES =
      """
      WITH number (n) AS (
        SELECT generate_series(CAST($1 AS BIGINT), CAST($2 AS BIGINT)))
      """;

  private NumberedRows() {}

  /**
   * Inserts a row for each number, in transactions of a bounded size.
   *
   * @param statement an INSERT of what is selected {@code FROM number}, whose column is {@code n}
   */
  public static void insert(Database database, long first, long last, String statement) {
    insert(database, first, last, statement, _ -> {});
  }

  /**
   * @param begin the first thing in each transaction
   */
  static void insert(
      Database database, long first, long last, String statement, Consumer<Transaction> begin) {
    String numbers =
        database.dialect() == Dialect.POSTGRES ? NUMBERS_OF_POSTGRES : NUMBERS_OF_SQLITE;
    for (long from = first; from <= last; from += STEP) {
      long start = from;
      long end = Math.min(last, from + STEP - 1);
      database.write(
          tx -> {
            begin.accept(tx);
            return tx.run(numbers + statement, start, end);
          });
    }
  }
}
