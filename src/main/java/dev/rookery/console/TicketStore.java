package dev.rookery.console;

import dev.rookery.store.Database;

/** Stores the digests of tickets as rows, until they are used or have expired. */
final class TicketStore {
  private static final int EXPIRED_MAX = 100;

  private static final String DELETE_EXPIRED =
      """
      DELETE FROM live_ticket WHERE digest IN (
        SELECT digest FROM live_ticket WHERE expires_ms < $1 ORDER BY digest LIMIT $2)
      RETURNING digest
      """;

  private static final String INSERT =
      """
      INSERT INTO live_ticket (digest, session, expires_ms) VALUES ($1, $2, $3)
      RETURNING digest
      """;

  // Deleted whatever session asks: a ticket that somebody else tries is not valid any more.
  private static final String REMOVE =
      "DELETE FROM live_ticket WHERE digest = $1 RETURNING session, expires_ms";

  private final Database database;

  TicketStore(Database database) {
    this.database = database;
  }

  void add(String digest, String session, long nowMs, long expiresMs) {
    database.write(
        tx -> {
          tx.run(DELETE_EXPIRED, nowMs, EXPIRED_MAX);
          return tx.run(INSERT, digest, session, expiresMs).size();
        });
  }

  /** Removes a ticket; returns whether it was there, of that session, and had not expired. */
  boolean remove(String digest, String session, long nowMs) {
    return database.write(
        tx ->
            tx.run(REMOVE, digest)
                .first(
                    row -> row.text("session").equals(session) && row.number("expires_ms") >= nowMs)
                .orElse(false));
  }
}
