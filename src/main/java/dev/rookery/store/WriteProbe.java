package dev.rookery.store;

import dev.rookery.base.Refused;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether the database takes writes.
 *
 * <p>PostgreSQL is asked whether it is read-only, which costs no write. Whether a disk is full only
 * a write tells. The writes of the node tell it all the time; a row is written for the purpose only
 * after one of them was refused, or when there was none.
 */
final class WriteProbe {
  private static final Logger LOG = LoggerFactory.getLogger(WriteProbe.class);

  private static final String READ_ONLY =
      "SELECT current_setting('transaction_read_only') AS read_only";
  private static final String READ = "SELECT 1";
  private static final String INSERT = "INSERT INTO write_probe (filler) VALUES ($1) RETURNING id";
  private static final String DELETE = "DELETE FROM write_probe WHERE id = $1";

  // Larger than a page, and random, so that PostgreSQL does not compress it away.
  private static final String FILLER =
      new SplittableRandom(1)
          .ints(16 << 10, 0, Character.MAX_RADIX)
          .mapToObj(digit -> Character.toString(Character.forDigit(digit, Character.MAX_RADIX)))
          .collect(Collectors.joining());
  // A pool may still hold connections to a server that is read-only since a failover.
  private static final int TRIES_MAX = 3;

  private final Database database;
  private final WriteState writes;

  WriteProbe(Database database, WriteState writes) {
    this.database = database;
    this.writes = writes;
  }

  /**
   * Checks the database.
   *
   * @throws Refused if it does not answer or takes no writes
   */
  void check() {
    boolean readOnly =
        switch (database.dialect()) {
          case POSTGRES -> database.read(READ_ONLY).row(0).text("read_only").equals("on");
          case SQLITE -> {
            database.read(READ);
            yield false;
          }
        };
    if (readOnly || writes.isUncertain()) {
      write();
    }
    if (writes.isRefused()) {
      throw StoreRefusals.unavailable();
    }
  }

  private void write() {
    for (int tries = 1; ; tries++) {
      try {
        database.write(WriteProbe::insertAndDelete);
        if (writes.recordProbed()) {
          LOG.info("the database takes writes again");
        }
        return;
      } catch (Refused refused) {
        if (tries == TRIES_MAX || !writes.isRefused()) {
          throw refused;
        }
      }
    }
  }

  private static boolean insertAndDelete(Transaction transaction) {
    long id = transaction.run(INSERT, FILLER).row(0).number("id");
    transaction.run(DELETE, id);
    return true;
  }
}
