package dev.rookery.match;

import dev.rookery.match.SaveCommand.StoredSave;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Saved games as rows. */
final class SaveStore {
  private static final String INSERT =
      """
      INSERT INTO match_save (save_id, game_key, game_version, user_key, content, created_ms)
      VALUES ($1, $2, $3, $4, $5, $6)
      """;

  private static final String FIND = "SELECT * FROM match_save WHERE save_id = $1";

  private static final String OLDER =
      """
      SELECT save_id FROM match_save WHERE user_key = $1
      ORDER BY created_ms DESC, save_id DESC LIMIT 10 OFFSET $2
      """;

  private static final String DELETE = "DELETE FROM match_save WHERE save_id = $1";
  private static final String DELETE_ALL = "DELETE FROM match_save WHERE user_key = $1";

  /** Stores a save, and removes those of the user that are too many. */
  void insert(
      Transaction tx, String id, String user, String gameKey, String version, byte[] content) {
    tx.run(
        INSERT,
        id,
        gameKey,
        version,
        user,
        Base64.getEncoder().encodeToString(content),
        tx.now().toEpochMilli());
    List<String> tooMany =
        tx.read(OLDER, user, (long) SaveCommand.SAVES_MAX).all(row -> row.text("save_id"));
    tooMany.forEach(old -> tx.run(DELETE, old));
  }

  Optional<StoredSave> find(Reader reader, String id) {
    return reader.read(FIND, id).first(SaveStore::save);
  }

  private static StoredSave save(Row row) {
    return new StoredSave(
        row.text("save_id"),
        row.text("game_key"),
        row.text("game_version"),
        row.text("user_key"),
        Base64.getDecoder().decode(row.text("content")),
        row.number("created_ms"));
  }

  void deleteOf(Transaction tx, String user) {
    tx.run(DELETE_ALL, user);
  }
}
