package dev.rookery.storage;

import dev.rookery.base.PlayerId;
import dev.rookery.storage.StorageRules.Usage;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.StatementTexts;
import dev.rookery.store.Transaction;
import dev.rookery.store.ValuesTable;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How many objects players own and how large these are, as rows that each write keeps up. */
final class UsageStore {
  private static final String FIND =
      "SELECT player_id, entries, bytes FROM storage_usage WHERE player_id IN (%s)";

  private static final String ADD =
      """
      INSERT INTO storage_usage (player_id, entries, bytes)
      SELECT CAST(column1 AS BIGINT), CAST(column2 AS BIGINT), CAST(column3 AS BIGINT)
      FROM %s WHERE column1 IS NOT NULL
      ON CONFLICT (player_id) DO UPDATE SET entries = storage_usage.entries + excluded.entries,
        bytes = storage_usage.bytes + excluded.bytes
      """;

  private static final String FORGET = "DELETE FROM storage_usage WHERE player_id = $1";

  private final StatementTexts texts = new StatementTexts();

  Map<PlayerId, Usage> find(Reader reader, Collection<PlayerId> players) {
    String text =
        texts.of("usages", players.size(), size -> FIND.formatted(Placeholders.list(1, size)));
    var usages = new HashMap<PlayerId, Usage>();
    reader
        .read(text, Placeholders.values(0, players, PlayerId::value))
        .all(row -> row)
        .forEach(
            row ->
                usages.put(
                    new PlayerId(row.number("player_id")),
                    new Usage(row.number("entries"), row.number("bytes"))));
    return usages;
  }

  /** Adds to the usages of players, which may be negative; they are changed by ascending id. */
  void add(Transaction tx, Map<PlayerId, Usage> more) {
    var sorted = new TreeMap<Long, Usage>();
    more.forEach(
        (player, usage) -> {
          if (!usage.equals(Usage.NONE)) {
            sorted.put(player.value(), usage);
          }
        });
    Placeholders.inParts(
        List.copyOf(sorted.entrySet()),
        part -> {
          var given = new ValuesTable(3);
          part.forEach(
              one -> given.add(one.getKey(), one.getValue().entries(), one.getValue().bytes()));
          given.run(tx, texts, ADD);
        });
  }

  void forget(Transaction tx, PlayerId player) {
    tx.run(FORGET, player.value());
  }
}
