package dev.rookery.chat;

import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.StatementTexts;
import dev.rookery.store.Transaction;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rooms as rows. */
final class RoomStore {
  private static final String FIND = "SELECT id FROM chat_room WHERE name = $1";

  // The update changes nothing; without it a room that exists would not be returned.
  private static final String OPEN =
      """
      INSERT INTO chat_room (name, created_ms) VALUES ($1, $2)
      ON CONFLICT (name) DO UPDATE SET name = excluded.name
      RETURNING id
      """;

  private static final String EXISTING = "SELECT id FROM chat_room WHERE id IN (%s) ORDER BY id";

  private final StatementTexts texts = new StatementTexts();

  Optional<Long> find(Reader reader, String name) {
    return reader.read(FIND, name).first(row -> row.number("id"));
  }

  /** Returns the id of the room of a name, which is created if there is none. */
  long open(Transaction tx, String name) {
    return tx.run(OPEN, name, tx.now().toEpochMilli()).row(0).number("id");
  }

  /** Those of at most {@link Placeholders#MANY_MAX} rooms that exist. */
  Set<Long> existing(Reader reader, Collection<Long> ids) {
    String text =
        texts.of("read", ids.size(), size -> EXISTING.formatted(Placeholders.list(1, size)));
    return Set.copyOf(reader.read(text, values(ids)).all(row -> row.number("id")));
  }

  /** As {@link #existing}; their rows are locked until the end of the transaction. */
  Set<Long> lock(Transaction tx, Collection<Long> ids) {
    String text =
        texts.of(
            "lock",
            ids.size(),
            size -> EXISTING.formatted(Placeholders.list(1, size)) + tx.dialect().forUpdate());
    return Set.copyOf(tx.run(text, values(ids)).all(row -> row.number("id")));
  }

  private static @Nullable Object[] values(Collection<Long> ids) {
    return Placeholders.values(0, ids, Long::longValue);
  }
}
