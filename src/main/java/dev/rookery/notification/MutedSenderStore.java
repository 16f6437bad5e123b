package dev.rookery.notification;

import dev.rookery.base.PlayerId;
import dev.rookery.store.Placeholders;
import dev.rookery.store.StatementTexts;
import dev.rookery.store.Transaction;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which players an admin has muted. */
final class MutedSenderStore {
  private static final String AMONG =
      "SELECT player_id, until_ms FROM chat_mute WHERE player_id IN (%s) AND until_ms > $1";

  private final StatementTexts texts = new StatementTexts();

  /** Until when those of at most {@link Placeholders#MANY_MAX} players are muted who are. */
  Map<PlayerId, Long> among(Transaction tx, Collection<PlayerId> players) {
    @Nullable Object[] values = Placeholders.values(1, players, PlayerId::value);
    values[0] = tx.now().toEpochMilli();
    String text = texts.of("", players.size(), size -> AMONG.formatted(Placeholders.list(2, size)));
    var found = new HashMap<PlayerId, Long>();
    tx.read(text, values)
        .all(row -> row)
        .forEach(row -> found.put(new PlayerId(row.number("player_id")), row.number("until_ms")));
    return found;
  }
}
