package dev.rookery.player;

import dev.rookery.base.PlayerId;
import dev.rookery.store.Reader;
import dev.rookery.store.Transaction;
import java.util.Optional;

/** A text that players have chosen, such as their language, as a column of their rows. */
final class ChosenTextStore {
  private final String column;
  private final String find;
  private final String choose;

  ChosenTextStore(String column) {
    this.column = column;
    this.find = "SELECT %s FROM player WHERE id = $1".formatted(column);
    this.choose =
        "UPDATE player SET %s = $1, updated_ms = $2 WHERE id = $3 RETURNING %s"
            .formatted(column, column);
  }

  /** Empty if there is no such player; an empty text if they have not chosen. */
  Optional<String> find(Reader reader, PlayerId player) {
    return reader.read(find, player.value()).first(row -> row.text(column));
  }

  /** Empty if there is no such player. */
  Optional<String> choose(Transaction tx, PlayerId player, String text) {
    return tx.run(choose, text, tx.now().toEpochMilli(), player.value())
        .first(row -> row.text(column));
  }
}
