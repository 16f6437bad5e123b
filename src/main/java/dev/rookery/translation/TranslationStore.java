package dev.rookery.translation;

import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import io.vertx.core.json.JsonArray;
import java.util.List;
import java.util.Optional;

/** Stores the texts that admins have edited. */
final class TranslationStore {
  private static final String ALL =
      "SELECT language, text_id, forms, updated_ms, revision FROM translation";

  private static final String FIND = ALL + " WHERE language = $1 AND text_id = $2";

  private static final String PUT =
      """
      INSERT INTO translation (language, text_id, forms, updated_ms) VALUES ($1, $2, $3, $4)
      ON CONFLICT (language, text_id) DO UPDATE SET
        forms = excluded.forms, updated_ms = excluded.updated_ms,
        revision = translation.revision + 1
      RETURNING language, text_id, forms, updated_ms, revision
      """;

  private static final String REMOVE =
      "DELETE FROM translation WHERE language = $1 AND text_id = $2 RETURNING revision";

  // Its row is locked until the end of the transaction, so that changes are one after another.
  private static final String COUNT_CHANGE =
      """
      INSERT INTO translation_change (one, revision) VALUES (1, 1)
      ON CONFLICT (one) DO UPDATE SET revision = translation_change.revision + 1
      """;

  private static final String CHANGES = "SELECT revision FROM translation_change";

  /** A text as it is stored. */
  record Edited(String language, String id, List<String> forms, long updatedMs, long revision) {}

  /** How many changes there were. */
  long changes(Reader reader) {
    return reader.read(CHANGES).first(row -> row.number("revision")).orElse(0L);
  }

  /** Returns all of them: at most one for each text and language. */
  List<Edited> all(Reader reader) {
    return reader.read(ALL).all(TranslationStore::edited);
  }

  Optional<Edited> find(Reader reader, String language, String id) {
    return reader.read(FIND, language, id).first(TranslationStore::edited);
  }

  /** Counts a change, and makes others wait until this transaction has ended. */
  void countChange(Transaction tx) {
    tx.run(COUNT_CHANGE);
  }

  /** Puts the forms of a text, and answers them as they are stored. */
  Edited put(Transaction tx, String language, String id, List<String> forms) {
    return edited(
        tx.run(PUT, language, id, new JsonArray(forms).encode(), tx.now().toEpochMilli()).row(0));
  }

  void remove(Transaction tx, String language, String id) {
    tx.run(REMOVE, language, id);
  }

  private static Edited edited(Row row) {
    return new Edited(
        row.text("language"),
        row.text("text_id"),
        new JsonArray(row.text("forms")).stream().map(String::valueOf).toList(),
        row.number("updated_ms"),
        row.number("revision"));
  }
}
