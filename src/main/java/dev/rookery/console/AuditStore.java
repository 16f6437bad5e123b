package dev.rookery.console;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Sha256;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.StatementTexts;
import dev.rookery.store.Transaction;
import dev.rookery.store.ValuesTable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The audit log as rows, one chain for each run of a node, so that nodes do not wait in turn. */
final class AuditStore {
  private static final int CHECKED_AT_ONCE = 500;

  /** With more actions the log is read in its order: some of them are in most parts of it. */
  private static final int ACTIONS_MAX = 3;

  private static final Comparator<AuditEntry> LATEST_FIRST =
      Comparator.comparingLong(AuditEntry::atMs)
          .thenComparingLong(AuditEntry::run)
          .thenComparingLong(AuditEntry::number)
          .reversed();

  // From one name to the next by the index.
  private static final String ACTIONS =
      """
      WITH RECURSIVE named (action) AS (
        SELECT (SELECT MIN(%1$s) FROM console_audit WHERE %1$s >= $1 AND %1$s < $2)
        UNION ALL
        SELECT (SELECT MIN(console_audit.%1$s) FROM console_audit
          WHERE console_audit.%1$s > named.%1$s AND console_audit.%1$s < $2)
        FROM named WHERE named.action IS NOT NULL)
      SELECT action FROM named WHERE action IS NOT NULL LIMIT $3
      """;

  private static final String COLUMNS =
      """
      run, number, at_ms, actor, player_id, session, address, permission, action, target, reason,
      details, request_id, result, hash
      """;

  // Locks the end of the chain until the transaction ends.
  private static final String END_OF_CHAIN =
      """
      INSERT INTO console_audit_chain (run, number, hash, removed, removed_hash)
      VALUES ($1, 0, '', 0, '')
      ON CONFLICT (run) DO UPDATE SET run = $1
      RETURNING number, hash
      """;

  private static final String MOVE_END =
      "UPDATE console_audit_chain SET number = $1, hash = $2 WHERE run = $3";

  private static final String INSERT =
      "INSERT INTO console_audit ("
          + COLUMNS
          + """
          )
          SELECT CAST($1 AS BIGINT), CAST(column1 AS BIGINT), CAST($2 AS BIGINT), column2,
            CAST(column3 AS BIGINT), column4, column5, column6, column7, column8, column9, column10,
            column11, CAST($3 AS TEXT), column12
          FROM %s WHERE column1 IS NOT NULL
          """;

  private static final String OF_CHAIN =
      "SELECT "
          + COLUMNS
          + " FROM console_audit WHERE run = $1 AND number > $2 ORDER BY number LIMIT $3";

  private static final String FIND =
      "SELECT " + COLUMNS + " FROM console_audit WHERE run = $1 AND number = $2";

  private static final String CHAIN =
      "SELECT run, number, hash, removed, removed_hash FROM console_audit_chain WHERE run = $1";

  private static final String CHAINS =
      "SELECT run FROM console_audit_chain ORDER BY run DESC LIMIT $1";

  private static final String EXPIRED =
      """
      SELECT run, MAX(number) AS number FROM (
        SELECT run, number FROM console_audit WHERE at_ms < $1 ORDER BY at_ms, run, number LIMIT $2)
        AS old
      GROUP BY run
      """;

  private static final String HASH_AT =
      "SELECT hash FROM console_audit WHERE run = $1 AND number = $2";

  private static final String REMOVE =
      "DELETE FROM console_audit WHERE run = $1 AND number <= $2 RETURNING number";

  private static final String CHECKPOINT =
      "UPDATE console_audit_chain SET removed = $1, removed_hash = $2 WHERE run = $3";

  private final StatementTexts texts = new StatementTexts();

  /**
   * Writes entries at the end of the chain of a run.
   *
   * @param changes at least one, at most {@link Placeholders#MANY_MAX}
   * @param result of all of them
   */
  void insert(Transaction tx, long run, List<AuditedChange> changes, String result) {
    Row end = tx.run(END_OF_CHAIN, run).row(0);
    long number = end.number("number");
    String hash = end.text("hash");
    long nowMs = tx.now().toEpochMilli();
    var given = new ValuesTable(12);
    for (AuditedChange change : changes) {
      number++;
      AuditEntry entry = entry(run, number, nowMs, change, result);
      hash = hash(hash, entry);
      given.add(
          number,
          entry.actor(),
          entry.player(),
          entry.session(),
          entry.address(),
          entry.permission(),
          entry.action(),
          entry.target(),
          entry.reason(),
          entry.details(),
          entry.requestId(),
          hash);
    }
    given.run(tx, texts, INSERT, run, nowMs, result);
    tx.run(MOVE_END, number, hash, run);
  }

  private static AuditEntry entry(
      long run, long number, long atMs, AuditedChange change, String result) {
    Actor actor = change.actor();
    Permission permission = actor.permission();
    return new AuditEntry(
        run,
        number,
        atMs,
        actor.kind().text(),
        actor.player(),
        actor.session(),
        actor.address(),
        permission == null ? "" : permission.text(),
        change.action(),
        change.target(),
        actor.reason(),
        change.details(),
        actor.requestId(),
        result,
        "");
  }

  /** The latest entries, or those before a place; the latest first. */
  List<AuditEntry> list(
      Reader reader, AuditEntry.Filter filter, AuditEntry.@Nullable Place before, int max) {
    var conditions = new ArrayList<String>();
    var values = new ArrayList<@Nullable Object>();
    PlayerId player = filter.player();
    if (player != null) {
      add(conditions, values, "player_id = ?", player.value());
    }
    String target = filter.target();
    if (target != null) {
      add(conditions, values, "target = ?", target);
    }
    Boolean done = filter.done();
    if (done != null) {
      conditions.add(done ? "result = 'done'" : "result <> 'done'");
    }
    Long from = filter.fromMs();
    if (from != null) {
      add(conditions, values, "at_ms >= ?", from);
    }
    Long until = filter.untilMs();
    if (until != null) {
      add(conditions, values, "at_ms < ?", until);
    }
    if (before != null) {
      values.add(before.atMs());
      values.add(before.run());
      values.add(before.number());
      int last = values.size();
      conditions.add("(at_ms, run, number) < ($%d, $%d, $%d)".formatted(last - 2, last - 1, last));
    }
    String action = filter.actionPrefix();
    if (action == null) {
      return list(reader, conditions, values, max);
    }
    String name = "action" + reader.dialect().byCodePoint();
    // Ids of operations are ASCII: what begins with the prefix sorts below its successor.
    String end = action + '\u007f';
    if (player == null && target == null) {
      String sql = ACTIONS.formatted(name);
      List<String> actions =
          reader.read(sql, action, end, ACTIONS_MAX + 1L).all(row -> row.text("action"));
      if (actions.size() <= ACTIONS_MAX) {
        return ofEach(reader, actions, conditions, values, max);
      }
    }
    add(conditions, values, name + " >= ?", action);
    add(conditions, values, name + " < ?", end);
    return list(reader, conditions, values, max);
  }

  /** The latest of each of a few actions are found by an index, and the latest of these listed. */
  private static List<AuditEntry> ofEach(
      Reader reader,
      List<String> actions,
      List<String> conditions,
      List<@Nullable Object> values,
      int max) {
    String name = "action" + reader.dialect().byCodePoint();
    return actions.stream()
        .flatMap(
            action -> {
              var ofOne = new ArrayList<>(conditions);
              var given = new ArrayList<>(values);
              add(ofOne, given, name + " = ?", action);
              return list(reader, ofOne, given, max).stream();
            })
        .sorted(LATEST_FIRST)
        .limit(max)
        .toList();
  }

  private static List<AuditEntry> list(
      Reader reader, List<String> conditions, List<@Nullable Object> values, int max) {
    String where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    values.add((long) max);
    String sql =
        "SELECT "
            + COLUMNS
            + " FROM console_audit"
            + where
            + " ORDER BY at_ms DESC, run DESC, number DESC LIMIT $"
            + values.size();
    return reader.read(sql, values.toArray()).all(AuditStore::entry);
  }

  Optional<AuditEntry> find(Reader reader, long run, long number) {
    return reader.read(FIND, run, number).first(AuditStore::entry);
  }

  private static void add(
      List<String> conditions, List<@Nullable Object> values, String condition, Object value) {
    values.add(value);
    conditions.add(condition.replace("?", "$" + values.size()));
  }

  /** The runs that have a chain, the latest first. */
  List<Long> runs(Reader reader, int max) {
    return reader.read(CHAINS, (long) max).all(row -> row.number("run"));
  }

  /** Computes all hashes of a chain again. */
  AuditEntry.ChainCheck check(Reader reader, long run) {
    var chain = reader.read(CHAIN, run).first(row -> row);
    if (chain.isEmpty()) {
      return new AuditEntry.ChainCheck(run, 0, null);
    }
    // The end is read first: what is appended meanwhile is not looked at.
    long end = chain.get().number("number");
    long number = chain.get().number("removed");
    String hash = chain.get().text("removed_hash");
    long entries = 0;
    while (number < end) {
      List<AuditEntry> page =
          reader.read(OF_CHAIN, run, number, (long) CHECKED_AT_ONCE).all(AuditStore::entry);
      if (page.isEmpty()) {
        return new AuditEntry.ChainCheck(run, entries, number + 1);
      }
      for (AuditEntry entry : page) {
        String expected = hash(hash, entry);
        if (entry.number() != number + 1 || !expected.equals(entry.hash())) {
          return new AuditEntry.ChainCheck(run, entries, number + 1);
        }
        number++;
        hash = expected;
        entries++;
        if (number == end && !hash.equals(chain.get().text("hash"))) {
          return new AuditEntry.ChainCheck(run, entries, number);
        }
      }
    }
    return new AuditEntry.ChainCheck(run, entries, null);
  }

  /**
   * Removes entries from before a time, and keeps the hash of the last one as the new beginning of
   * its chain.
   *
   * @return how many were removed
   */
  int removeBefore(Transaction tx, long untilMs, int max) {
    int removed = 0;
    for (Row old : tx.run(EXPIRED, untilMs, (long) max).all(row -> row)) {
      long run = old.number("run");
      long number = old.number("number");
      tx.run(END_OF_CHAIN, run);
      var hash = tx.run(HASH_AT, run, number).first(row -> row.text("hash"));
      if (hash.isPresent()) {
        removed += tx.run(REMOVE, run, number).size();
        tx.run(CHECKPOINT, number, hash.get(), run);
      }
    }
    return removed;
  }

  private static AuditEntry entry(Row row) {
    Long player = row.numberOrNull("player_id");
    return new AuditEntry(
        row.number("run"),
        row.number("number"),
        row.number("at_ms"),
        row.text("actor"),
        player == null ? null : new PlayerId(player),
        row.text("session"),
        row.text("address"),
        row.text("permission"),
        row.text("action"),
        row.text("target"),
        row.text("reason"),
        row.text("details"),
        row.text("request_id"),
        row.text("result"),
        row.text("hash"));
  }

  /** Covers the hash before and every column, each with its length, so that none can be moved. */
  private static String hash(String previous, AuditEntry entry) {
    var fields =
        List.of(
            previous,
            Long.toString(entry.run()),
            Long.toString(entry.number()),
            Long.toString(entry.atMs()),
            entry.actor(),
            String.valueOf(entry.player()),
            entry.session(),
            entry.address(),
            entry.permission(),
            entry.action(),
            entry.target(),
            entry.reason(),
            entry.details(),
            entry.requestId(),
            entry.result());
    MessageDigest digest = Sha256.begin();
    for (String field : fields) {
      byte[] bytes = field.getBytes(StandardCharsets.UTF_8);
      digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
      digest.update(bytes);
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
