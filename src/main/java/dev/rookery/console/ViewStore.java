package dev.rookery.console;

import dev.rookery.base.PlayerId;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Saved views as rows. */
final class ViewStore {
  private static final int LISTED_MAX = 100;

  private static final String SAVE =
      """
      INSERT INTO saved_view (admin_id, list, name, query, shared, created_ms)
      VALUES ($1, $2, $3, $4, $5, $6)
      ON CONFLICT (admin_id, list, name) DO UPDATE SET query = excluded.query,
        shared = excluded.shared
      RETURNING id, admin_id, list, name, query, shared
      """;

  private static final String COLUMNS =
      "SELECT id, admin_id, list, name, query, shared FROM saved_view WHERE ";

  // A name that another view of the list has is left to that one.
  private static final String CHANGE =
      """
      UPDATE saved_view SET name = $1, shared = $2
      WHERE id = $3 AND admin_id = $4 AND NOT EXISTS (
        SELECT 1 FROM saved_view AS other
        WHERE other.admin_id = $4 AND other.list = $5 AND other.name = $1 AND other.id <> $3)
      RETURNING id, admin_id, list, name, query, shared
      """;

  private static final String DELETE =
      "DELETE FROM saved_view WHERE id = $1 AND admin_id = $2 RETURNING id";

  SavedView save(Transaction tx, ViewCommand.Save save) {
    return tx.run(
            SAVE,
            save.admin().value(),
            save.list(),
            save.name(),
            save.query(),
            save.shared(),
            tx.now().toEpochMilli())
        .first(ViewStore::view)
        .orElseThrow();
  }

  long count(Reader reader, PlayerId admin) {
    return reader
        .read("SELECT COUNT(*) AS total FROM saved_view WHERE admin_id = $1", admin.value())
        .row(0)
        .number("total");
  }

  Optional<SavedView> find(Reader reader, PlayerId admin, long view) {
    return reader
        .read(COLUMNS + "id = $1 AND admin_id = $2", view, admin.value())
        .first(ViewStore::view);
  }

  /** Empty if another view of the admin and the list has the name. */
  Optional<SavedView> change(Transaction tx, SavedView view, String name, boolean shared) {
    return tx.run(CHANGE, name, shared, view.id(), view.admin().value(), view.list())
        .first(ViewStore::view);
  }

  boolean delete(Transaction tx, PlayerId admin, long view) {
    return !tx.run(DELETE, view, admin.value()).isEmpty();
  }

  /** Those of an admin and those that are shared. */
  List<SavedView> list(Reader reader, PlayerId admin, @Nullable String list) {
    String own = COLUMNS + "admin_id = $1";
    String shared = COLUMNS + "shared = 1 AND admin_id <> $1";
    String of = list == null ? "" : " AND list = $2";
    String union =
        "SELECT * FROM ("
            + own
            + of
            + " ORDER BY id LIMIT "
            + LISTED_MAX
            + ") AS own UNION ALL SELECT * FROM ("
            + shared
            + of
            + " ORDER BY id LIMIT "
            + LISTED_MAX
            + ") AS shared_ones ORDER BY name, id";
    return (list == null
            ? reader.read(union, admin.value())
            : reader.read(union, admin.value(), list))
        .all(ViewStore::view);
  }

  private static SavedView view(Row row) {
    return new SavedView(
        row.number("id"),
        new PlayerId(row.number("admin_id")),
        row.text("list"),
        row.text("name"),
        row.text("query"),
        row.flag("shared"));
  }
}
