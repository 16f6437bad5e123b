package dev.rookery.group;

import dev.rookery.base.GroupId;
import dev.rookery.store.Reader;
import dev.rookery.store.Transaction;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How many groups there are of each type. Counting the rows of all groups takes too long for a list
 * of which one page is asked for.
 */
final class GroupTotalStore {
  private static final int SHARDS = 16;

  private static final String ADD =
      """
      INSERT INTO group_total (shard, type, total) VALUES ($1, $2, $3)
      ON CONFLICT (shard, type) DO UPDATE SET total = group_total.total + excluded.total
      """;

  private static final String TOTAL =
      "SELECT CAST(COALESCE(SUM(total), 0) AS BIGINT) AS total FROM group_total ";

  private static final String BY_TYPE =
      "SELECT type, CAST(SUM(total) AS BIGINT) AS total FROM group_total GROUP BY type";

  /** The row in which a group is counted. */
  private record Key(int shard, String type) {
    /** The order in which all transactions wait for each other's rows. */
    static final Comparator<Key> ORDER =
        Comparator.comparingInt(Key::shard).thenComparing(Key::type);
  }

  /** What a transaction adds to the totals. */
  static final class Changes {
    private final Map<Key, Integer> changes = new TreeMap<>(Key.ORDER);

    void add(GroupId group, GroupType type, int number) {
      var key = new Key((int) (group.value() % SHARDS), GroupRules.text(type));
      changes.merge(key, number, Integer::sum);
    }
  }

  /** Saves what has changed; last in a transaction, so that others wait for a moment only. */
  void save(Transaction tx, Changes changes) {
    changes.changes.forEach(
        (key, number) -> {
          if (number != 0) {
            tx.run(ADD, key.shard, key.type, (long) number);
          }
        });
  }

  /** The groups of a type, or all. */
  static long all(Reader reader, @Nullable GroupType type) {
    return type == null
        ? reader.read(TOTAL).row(0).number("total")
        : reader.read(TOTAL + "WHERE type = $1", GroupRules.text(type)).row(0).number("total");
  }

  /** How many groups there are of each type; those of which there is none are left out. */
  static Map<GroupType, Long> byType(Reader reader) {
    return reader.read(BY_TYPE).all(row -> row).stream()
        .collect(
            Collectors.toMap(
                row -> GroupType.valueOf(row.text("type").toUpperCase(Locale.ROOT)),
                row -> row.number("total")));
  }

  /** The groups that are not hidden. */
  static long visible(Reader reader) {
    return reader.read(TOTAL + "WHERE type <> 'hidden'").row(0).number("total");
  }
}
