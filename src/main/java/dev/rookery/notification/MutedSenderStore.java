package dev.rookery.notification;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.store.Placeholders;
import dev.rookery.store.StatementTexts;
import dev.rookery.store.Transaction;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which players an admin has muted, for the notifications that players write to others. They are
 * muted for chat and for these alike.
 */
public final class MutedSenderStore {
  /** The end of a mute without an end. */
  public static final long FOR_EVER = Long.MAX_VALUE;

  private static final String AMONG =
      "SELECT player_id, until_ms FROM chat_mute WHERE player_id IN (%s) AND until_ms > $1";

  private final StatementTexts texts = new StatementTexts();

  /** Until when those of at most {@link Placeholders#MANY_MAX} players are muted who are. */
  public Map<PlayerId, Long> among(Transaction tx, Collection<PlayerId> players) {
    @Nullable Object[] values = Placeholders.values(1, players, PlayerId::value);
    values[0] = tx.now().toEpochMilli();
    String text = texts.of("", players.size(), size -> AMONG.formatted(Placeholders.list(2, size)));
    var found = new HashMap<PlayerId, Long>();
    tx.read(text, values)
        .all(row -> row)
        .forEach(row -> found.put(new PlayerId(row.number("player_id")), row.number("until_ms")));
    return found;
  }

  /**
   * {@code Denied("muted")} with the time when the sender may write again, if there is one.
   *
   * @param untilMs null if the sender is not muted
   */
  public static void mustNotBeMuted(@Nullable Long untilMs) {
    if (untilMs != null) {
      throw new Refused(
          new Refusal.Denied(
              "muted", untilMs == FOR_EVER ? Map.of() : Map.of("muted_until_ms", untilMs)));
    }
  }
}
