package dev.rookery.storage;

import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import java.util.List;
import java.util.Optional;

/** Schemas as rows. */
final class SchemaStore {
  private static final String ALL =
      """
      SELECT id, collection, key_pattern, content, enforced, revision, created_ms, updated_ms
      FROM storage_schema
      """;

  private static final String FIND = ALL + "WHERE collection = $1 AND id = $2";

  private static final String INSERT =
      """
      INSERT INTO storage_schema
        (collection, key_pattern, content, enforced, revision, created_ms, updated_ms)
      VALUES ($1, $2, $3, $4, 1, $5, $5)
      RETURNING id, collection, key_pattern, content, enforced, revision, created_ms, updated_ms
      """;

  private static final String UPDATE =
      """
      UPDATE storage_schema
      SET key_pattern = $1, content = $2, enforced = $3, revision = revision + 1, updated_ms = $4
      WHERE collection = $5 AND id = $6
      RETURNING id, collection, key_pattern, content, enforced, revision, created_ms, updated_ms
      """;

  private static final String DELETE =
      "DELETE FROM storage_schema WHERE collection = $1 AND id = $2";

  // Its row is locked until the end of the transaction, so that changes are one after another.
  private static final String COUNT_CHANGE =
      """
      INSERT INTO storage_schema_change (one, revision) VALUES (1, 1)
      ON CONFLICT (one) DO UPDATE SET revision = storage_schema_change.revision + 1
      """;

  private static final String CHANGES = "SELECT revision FROM storage_schema_change";

  /** How many changes there were. */
  long changes(Reader reader) {
    return reader.read(CHANGES).first(row -> row.number("revision")).orElse(0L);
  }

  /** All of them: at most {@link SchemaCommand#SCHEMAS_MAX}. */
  List<KeySchema> all(Reader reader) {
    return reader.read(ALL + "ORDER BY collection, key_pattern").all(SchemaStore::schema);
  }

  Optional<KeySchema> find(Reader reader, String collection, long id) {
    return reader.read(FIND, collection, id).first(SchemaStore::schema);
  }

  /** Counts a change, and makes others wait until this transaction has ended. */
  void countChange(Transaction tx) {
    tx.run(COUNT_CHANGE);
  }

  KeySchema insert(Transaction tx, SchemaCommand.PutSchema put) {
    return schema(
        tx.run(
                INSERT,
                put.collection(),
                put.pattern(),
                put.content(),
                put.enforced() ? 1L : 0L,
                tx.now().toEpochMilli())
            .row(0));
  }

  KeySchema update(Transaction tx, long id, SchemaCommand.PutSchema put) {
    return schema(
        tx.run(
                UPDATE,
                put.pattern(),
                put.content(),
                put.enforced() ? 1L : 0L,
                tx.now().toEpochMilli(),
                put.collection(),
                id)
            .row(0));
  }

  void delete(Transaction tx, String collection, long id) {
    tx.run(DELETE, collection, id);
  }

  private static KeySchema schema(Row row) {
    return new KeySchema(
        row.number("id"),
        row.text("collection"),
        row.text("key_pattern"),
        row.text("content"),
        row.number("enforced") != 0,
        row.number("revision"),
        row.number("created_ms"),
        row.number("updated_ms"));
  }
}
