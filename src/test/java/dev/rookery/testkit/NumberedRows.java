package dev.rookery.testkit;

import dev.rookery.store.Database;

/** Inserts many rows by statements that count up, so that no client is needed to have them. */
public final class NumberedRows {
  private static final int STEP = 50_000;

  private static final String NUMBERS =
      """
      WITH RECURSIVE number (n) AS (
        SELECT CAST($1 AS BIGINT) UNION ALL SELECT n + 1 FROM number WHERE n < $2)
      """;

  private NumberedRows() {}

  /**
   * Inserts a row for each number, in transactions of a bounded size.
   *
   * @param statement an INSERT of what is selected {@code FROM number}, whose column is {@code n}
   */
  public static void insert(Database database, long first, long last, String statement) {
    for (long from = first; from <= last; from += STEP) {
      long start = from;
      long end = Math.min(last, from + STEP - 1);
      database.write(tx -> tx.run(NUMBERS + statement, start, end));
    }
  }
}
