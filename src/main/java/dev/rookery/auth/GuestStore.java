package dev.rookery.auth;

import dev.rookery.auth.GuestCommand.Expired;
import dev.rookery.store.Database;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Transaction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Guests as rows. */
final class GuestStore {
  /** After it another node may delete the data of a guest who has ended. */
  private static final long CLAIM_MS = 30_000;

  private static final String INSERT =
      """
      INSERT INTO guest_session (id, created_ms, expires_ms, claimed_ms) VALUES ($1, $2, $3, 0)
      """;

  private static final String COUNT = "SELECT COUNT(*) AS guests FROM guest_session";

  private static final String FIND_EXPIRY =
      "SELECT expires_ms FROM guest_session WHERE id = $1 AND expires_ms > $2";

  private static final String EXTEND =
      """
      UPDATE guest_session SET expires_ms = $1
      WHERE id = $2 AND expires_ms > $3 AND expires_ms < $1
      RETURNING id
      """;

  private static final String SET_EXPIRY =
      """
      UPDATE guest_session SET expires_ms = $1 WHERE id = $2 AND expires_ms > $3
      RETURNING id
      """;

  private static final String ENTER =
      """
      INSERT INTO guest_game (guest_id, game_id, node) VALUES ($1, $2, $3)
      ON CONFLICT (guest_id, game_id) DO UPDATE SET node = excluded.node
      """;

  private static final String LEAVE =
      "DELETE FROM guest_game WHERE guest_id = $1 AND game_id = $2 AND node IN ($3, '')";

  private static final String FIND_RECONNECTED =
      """
      SELECT game_id FROM guest_game
      WHERE guest_id = $1 AND game_id = $2 AND node NOT IN ($3, '')
      """;

  private static final String END =
      """
      UPDATE guest_session SET expires_ms = $1
      WHERE id = $2 AND expires_ms > $1 AND NOT EXISTS (
        SELECT 1 FROM guest_game WHERE guest_id = $2 AND node NOT IN ($3, ''))
      """;

  private static final String REMOVE =
      "UPDATE guest_session SET expires_ms = $1 WHERE id = $2 AND expires_ms > $1 RETURNING id";

  private static final String GAMES =
      "SELECT game_id FROM guest_game WHERE guest_id = $1 ORDER BY game_id";

  private static final String FIND_EXPIRED =
      """
      SELECT id FROM guest_session WHERE expires_ms <= $1 AND claimed_ms <= $2
      ORDER BY expires_ms LIMIT $3
      """;

  private static final String CLAIM =
      """
      UPDATE guest_session SET claimed_ms = $1
      WHERE id = $2 AND expires_ms <= $1 AND claimed_ms <= $3
      RETURNING id
      """;

  private final Database database;

  GuestStore(Database database) {
    this.database = database;
  }

  long count() {
    return database.read(COUNT).first(row -> row.number("guests")).orElse(0L);
  }

  void insert(String guest, long livesMs) {
    database.write(
        tx -> {
          long now = tx.now().toEpochMilli();
          tx.run(INSERT, guest, now, now + livesMs);
          return true;
        });
  }

  /** When a guest ends, if nothing is heard of them; empty if they have ended. */
  Optional<Long> expiryOf(String guest, long nowMs) {
    return database.read(FIND_EXPIRY, guest, nowMs).first(row -> row.number("expires_ms"));
  }

  /** Lets a guest live for as long, if that is longer than they do. */
  void extend(String guest, long livesMs) {
    database.write(
        tx -> {
          long now = tx.now().toEpochMilli();
          tx.run(EXTEND, now + livesMs, guest, now);
          return true;
        });
  }

  /**
   * @param node through which the guest connects; the last one counts
   */
  boolean enter(String guest, String game, String node, long livesMs) {
    return database.write(
        tx -> {
          boolean exists = setExpiry(tx, guest, livesMs);
          if (exists) {
            tx.run(ENTER, guest, game, node);
          }
          return exists;
        });
  }

  boolean hasReconnected(String guest, String game, String node) {
    return database.read(FIND_RECONNECTED, guest, game, node).first(_ -> true).orElse(false);
  }

  /** A guest who is connected to no game any more lives for {@code livesMs}. */
  void leave(String guest, String game, String node, long livesMs) {
    database.write(
        tx -> {
          tx.run(LEAVE, guest, game, node);
          return tx.run(GAMES, guest).isEmpty() && setExpiry(tx, guest, livesMs);
        });
  }

  Set<String> keep(List<String> guests, long livesMs) {
    return database.write(
        tx -> {
          var exist = new HashSet<String>();
          for (String guest : guests) {
            if (setExpiry(tx, guest, livesMs)) {
              exist.add(guest);
            }
          }
          return exist;
        });
  }

  private static boolean setExpiry(Transaction tx, String guest, long livesMs) {
    long now = tx.now().toEpochMilli();
    return !tx.run(SET_EXPIRY, now + livesMs, guest, now).isEmpty();
  }

  /** Ends a guest, unless the last socket of one of their games was opened at another node. */
  void end(String guest, String node) {
    database.write(tx -> tx.run(END, tx.now().toEpochMilli(), guest, node).isEmpty());
  }

  /** Ends a guest, wherever they are connected; false if they have ended. */
  boolean remove(String guest) {
    return database.write(tx -> !tx.run(REMOVE, tx.now().toEpochMilli(), guest).isEmpty());
  }

  List<Expired> takeExpired() {
    return database.write(
        tx -> {
          long now = tx.now().toEpochMilli();
          var taken = new ArrayList<Expired>();
          List<String> expired =
              tx.run(FIND_EXPIRED, now, now - CLAIM_MS, (long) Placeholders.MANY_MAX)
                  .all(row -> row.text("id"));
          for (String guest : expired) {
            // Two nodes may have read the same row.
            if (!tx.run(CLAIM, now, guest, now - CLAIM_MS).isEmpty()) {
              taken.add(new Expired(guest, tx.run(GAMES, guest).all(row -> row.text("game_id"))));
            }
          }
          return taken;
        });
  }

  void forget(String guest) {
    database.write(
        tx -> {
          tx.run("DELETE FROM guest_game WHERE guest_id = $1", guest);
          tx.run("DELETE FROM guest_session WHERE id = $1", guest);
          return true;
        });
  }
}
