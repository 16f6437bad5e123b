package dev.rookery.console;

import dev.rookery.base.Sha256;
import dev.rookery.store.Database;
import dev.rookery.store.Row;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Stores one row for each node and minute. The values of a row are in the order of a layout, which
 * is stored once, so that rows of an earlier release are understood.
 */
final class MetricStore {
  private static final int LAYOUT_DIGITS = 16;
  private static final int LAYOUTS_MAX = 100;
  private static final int PRUNE_MAX = 200;

  private static final String INSERT_LAYOUT =
      """
      INSERT INTO metric_layout (id, columns) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING
      RETURNING id
      """;

  private static final String FIND_LAYOUTS =
      "SELECT id, columns FROM metric_layout ORDER BY id LIMIT $1";

  private static final String SAVE =
      """
      INSERT INTO metric_minute (node, minute, run, layout, content) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (node, minute) DO UPDATE SET
        run = excluded.run, layout = excluded.layout, content = excluded.content
      RETURNING minute
      """;

  private static final String FIND =
      """
      SELECT minute, run, layout, content FROM metric_minute
      WHERE node = $1 AND minute >= $2 ORDER BY minute LIMIT $3
      """;

  // Rows of nodes that never come back under their name are removed by whichever node sees them.
  private static final String PRUNE =
      """
      DELETE FROM metric_minute WHERE (node, minute) IN (
        SELECT node, minute FROM metric_minute WHERE minute < $1 ORDER BY minute, node LIMIT $2)
      RETURNING minute
      """;

  private static final String PRUNE_OWN =
      "DELETE FROM metric_minute WHERE node = $1 AND minute < $2 RETURNING minute";

  private static final int PRUNE_ALL_EVERY = 60;
  private static final long ORPHAN_MINUTES = 60;

  /** A stored minute, with its values in the order of today's columns. */
  static final class Minute {
    private final long minute;
    private final long run;
    private final float[] values;

    Minute(long minute, long run, float[] values) {
      this.minute = minute;
      this.run = run;
      this.values = values;
    }

    long minute() {
      return minute;
    }

    long run() {
      return run;
    }

    /** The values themselves, not a copy. */
    float[] values() {
      return values;
    }
  }

  private final Database database;
  private final List<String> keys;
  private final String layout;

  MetricStore(Database database, List<MetricColumn> columns) {
    this.database = database;
    this.keys = columns.stream().map(MetricColumn::key).toList();
    this.layout = digest(String.join(",", keys));
  }

  private static String digest(String text) {
    return Sha256.hex(text).substring(0, LAYOUT_DIGITS);
  }

  void registerLayout() {
    database.write(tx -> tx.run(INSERT_LAYOUT, layout, String.join(",", keys)).size());
  }

  /** Stores a minute of a node, and deletes its rows before another one. */
  void save(String node, Minute row, long keptFrom) {
    String content = MetricPoints.pack(row.values());
    database.write(
        tx -> {
          tx.run(PRUNE_OWN, node, keptFrom);
          return tx.run(SAVE, node, row.minute(), row.run(), layout, content).size();
        });
    if (row.minute() % PRUNE_ALL_EVERY == 0) {
      database.write(tx -> tx.run(PRUNE, keptFrom - ORPHAN_MINUTES, PRUNE_MAX).size());
    }
  }

  /** The minutes of a node from one on, in order. */
  List<Minute> find(String node, long fromMinute, int max) {
    Map<String, int[]> targets = new HashMap<>();
    database
        .read(FIND_LAYOUTS, LAYOUTS_MAX)
        .all(row -> targets.put(row.text("id"), targets(row.text("columns"))));
    return database.read(FIND, node, fromMinute, max).all(row -> minute(row, targets));
  }

  /** For each column of a layout its place among today's columns; -1 if it is gone. */
  private int[] targets(String columns) {
    return Arrays.stream(columns.split(",", -1)).mapToInt(keys::indexOf).toArray();
  }

  private Minute minute(Row row, Map<String, int[]> layouts) {
    var values = new float[keys.size()];
    Arrays.fill(values, Float.NaN);
    int[] targets = layouts.get(row.text("layout"));
    if (targets != null) {
      float[] stored = MetricPoints.unpack(row.text("content"));
      for (int i = 0; i < Math.min(stored.length, targets.length); i++) {
        if (targets[i] >= 0) {
          values[targets[i]] = stored[i];
        }
      }
    }
    return new Minute(row.number("minute"), row.number("run"), values);
  }
}
