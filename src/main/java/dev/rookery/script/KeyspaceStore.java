package dev.rookery.script;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.lease.Lease;
import dev.rookery.lease.Leases;
import dev.rookery.store.Database;
import dev.rookery.store.Transaction;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keyspaces as rows: a log of changes, and snapshots of which the newest replaces what is older.
 * Every write is fenced with the lease of the keyspace. Calls block the virtual thread.
 */
final class KeyspaceStore {
  /** How many log rows are read at once; the caller asks again after the last one. */
  static final int PAGE = 32;

  private static final int DELETE_PAGE = 512;

  // A commit whose outcome was unknown is repeated with the same number.
  private static final String APPEND =
      """
      INSERT INTO script_log (keyspace, number, epoch, content) VALUES ($1, $2, $3, $4)
      ON CONFLICT (keyspace, number) DO NOTHING RETURNING number
      """;

  private static final String FIND_ROW =
      "SELECT content FROM script_log WHERE keyspace = $1 AND number = $2";

  private static final String FIND_LOG =
      """
      SELECT number, content FROM script_log WHERE keyspace = $1 AND number > $2
      ORDER BY number LIMIT $3
      """;

  private static final String FIND_SNAPSHOT =
      """
      SELECT number, parts FROM script_snapshot WHERE keyspace = $1 ORDER BY number DESC LIMIT 1
      """;

  private static final String FIND_PART =
      """
      SELECT content FROM script_snapshot_part WHERE keyspace = $1 AND number = $2 AND part = $3
      """;

  private static final String INSERT_PART =
      """
      INSERT INTO script_snapshot_part (keyspace, number, part, content) VALUES ($1, $2, $3, $4)
      ON CONFLICT (keyspace, number, part) DO UPDATE SET content = excluded.content
      """;

  private static final String COMPLETE_SNAPSHOT =
      """
      INSERT INTO script_snapshot (keyspace, number, parts, created_ms) VALUES ($1, $2, $3, $4)
      ON CONFLICT (keyspace, number) DO UPDATE
        SET parts = excluded.parts, created_ms = excluded.created_ms
      """;

  private static final String DELETE_SNAPSHOTS =
      "DELETE FROM script_snapshot WHERE keyspace = $1 AND number < $2";

  private static final String FIRST_PARTS =
      """
      SELECT number, part FROM script_snapshot_part WHERE keyspace = $1 AND number <> $2
      ORDER BY number, part LIMIT $3
      """;

  private static final String DELETE_PART =
      "DELETE FROM script_snapshot_part WHERE keyspace = $1 AND number = $2 AND part = $3";

  private static final String FIRST_LOG =
      "SELECT number FROM script_log WHERE keyspace = $1 ORDER BY number LIMIT 1";

  private static final String DELETE_LOG =
      "DELETE FROM script_log WHERE keyspace = $1 AND number <= $2";

  private final Database database;
  private final String keyspace;

  KeyspaceStore(Database database, String keyspace) {
    this.database = database;
    this.keyspace = keyspace;
  }

  /** Changes of scripts that were stored together. */
  record LogRow(long number, byte[] content) {}

  /** A complete snapshot. */
  record Snapshot(long number, int parts) {}

  /**
   * Appends a row under the lease; once, also when the call is repeated.
   *
   * @throws Refused with {@link Leases#NOT_OWNER} also if there is another row with this number: an
   *     earlier writer of this node has stored it late, and what follows belongs after it
   */
  void append(Lease lease, LogRow row) {
    String content = encode(row.content());
    write(
        lease,
        tx -> {
          boolean taken = tx.run(APPEND, keyspace, row.number(), lease.epoch(), content).isEmpty();
          if (taken && !content.equals(content(tx, row.number()))) {
            throw new Refused(new Refusal.Unavailable(Leases.NOT_OWNER));
          }
        });
  }

  private @Nullable String content(Transaction tx, long number) {
    return tx.read(FIND_ROW, keyspace, number).first(row -> row.text("content")).orElse(null);
  }

  /** The rows after a number, in order, at most {@link #PAGE}. */
  List<LogRow> logAfter(long number) {
    return database
        .read(FIND_LOG, keyspace, number, (long) PAGE)
        .all(row -> new LogRow(row.number("number"), decode(row.text("content"))));
  }

  Optional<Snapshot> newestSnapshot() {
    return database
        .read(FIND_SNAPSHOT, keyspace)
        .first(row -> new Snapshot(row.number("number"), (int) row.number("parts")));
  }

  /**
   * One part of a snapshot.
   *
   * @throws IllegalStateException if it is missing
   */
  byte[] part(Snapshot snapshot, int part) {
    return database
        .read(FIND_PART, keyspace, snapshot.number(), (long) part)
        .first(row -> decode(row.text("content")))
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "part %d of snapshot %d of the keyspace %s is missing"
                        .formatted(part, snapshot.number(), keyspace)));
  }

  /** Stores a part of a snapshot that {@link #complete} makes valid later. */
  void insertPart(Lease lease, long number, int part, byte[] content) {
    String text = encode(content);
    write(lease, tx -> tx.run(INSERT_PART, keyspace, number, (long) part, text));
  }

  /** From now on the keyspace is restored from this snapshot. */
  void complete(Lease lease, Snapshot snapshot) {
    write(
        lease,
        tx -> {
          tx.run(
              COMPLETE_SNAPSHOT,
              keyspace,
              snapshot.number(),
              (long) snapshot.parts(),
              tx.now().toEpochMilli());
          tx.run(DELETE_SNAPSHOTS, keyspace, snapshot.number());
        });
  }

  /** Deletes what a complete snapshot replaces, in many small transactions. */
  void deleteReplaced(Lease lease, Snapshot snapshot) {
    deleteLog(lease, snapshot.number());
    boolean more = true;
    while (more) {
      more = deleteParts(lease, snapshot.number());
    }
  }

  private void deleteLog(Lease lease, long upTo) {
    long first = database.read(FIRST_LOG, keyspace).first(row -> row.number("number")).orElse(upTo);
    for (long last = first + DELETE_PAGE; ; last += DELETE_PAGE) {
      long bound = Math.min(last, upTo);
      write(lease, tx -> tx.run(DELETE_LOG, keyspace, bound));
      if (bound == upTo) {
        return;
      }
    }
  }

  private boolean deleteParts(Lease lease, long keep) {
    var parts =
        database
            .read(FIRST_PARTS, keyspace, keep, 8L)
            .all(row -> new long[] {row.number("number"), row.number("part")});
    if (parts.isEmpty()) {
      return false;
    }
    write(lease, tx -> parts.forEach(part -> tx.run(DELETE_PART, keyspace, part[0], part[1])));
    return true;
  }

  private void write(Lease lease, Work work) {
    database.write(
        tx -> {
          Leases.fence(tx, lease);
          work.run(tx);
          return true;
        });
  }

  private static String encode(byte[] bytes) {
    return new String(Base64.getEncoder().encode(bytes), StandardCharsets.ISO_8859_1);
  }

  private static byte[] decode(String text) {
    return Base64.getDecoder().decode(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** What one transaction does. */
  @FunctionalInterface
  private interface Work {
    void run(Transaction tx);
  }
}
