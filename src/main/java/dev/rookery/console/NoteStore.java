package dev.rookery.console;

import dev.rookery.base.PlayerId;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Notes about players as rows. */
final class NoteStore {
  private static final String INSERT =
      """
      INSERT INTO player_note (player_id, author_id, text, created_ms)
      SELECT id, $1, $2, $3 FROM player WHERE id = $4
      RETURNING id, player_id, author_id, text, created_ms
      """;

  private static final String LIST =
      """
      SELECT id, player_id, author_id, text, created_ms FROM player_note
      WHERE player_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3
      """;

  private static final String DELETE =
      "DELETE FROM player_note WHERE id = $1 AND player_id = $2 RETURNING id";

  /** Empty if there is no such player. */
  Optional<PlayerNote> insert(Transaction tx, NoteCommand.Add add) {
    return tx.run(
            INSERT, add.author().value(), add.text(), tx.now().toEpochMilli(), add.player().value())
        .first(NoteStore::note);
  }

  long count(Reader reader, PlayerId player) {
    return reader
        .read("SELECT COUNT(*) AS total FROM player_note WHERE player_id = $1", player.value())
        .row(0)
        .number("total");
  }

  boolean delete(Transaction tx, PlayerId player, long note) {
    return !tx.run(DELETE, note, player.value()).isEmpty();
  }

  List<PlayerNote> list(Reader reader, PlayerId player, @Nullable Long before, int max) {
    return reader
        .read(LIST, player.value(), before == null ? Long.MAX_VALUE : before, max)
        .all(NoteStore::note);
  }

  private static PlayerNote note(Row row) {
    return new PlayerNote(
        row.number("id"),
        new PlayerId(row.number("player_id")),
        new PlayerId(row.number("author_id")),
        row.text("text"),
        row.number("created_ms"));
  }
}
