package dev.rookery.notification;

import dev.rookery.base.NotificationId;
import dev.rookery.base.Page;
import dev.rookery.notification.NotificationCommand.Filter;
import dev.rookery.store.Dialect;
import dev.rookery.store.Reader;
import dev.rookery.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The notifications of all players, as admins see them. */
final class AdminStore {
  private static final String DELETE = "DELETE FROM notification WHERE id = $1 RETURNING id";

  private final int lookedThroughMax;

  /**
   * @param lookedThroughMax how many of the newest a list is made of
   */
  AdminStore(int lookedThroughMax) {
    this.lookedThroughMax = lookedThroughMax;
  }

  Page<Notification> list(Reader reader, Filter filter, Page.Request page) {
    var values = new ArrayList<@Nullable Object>();
    var conditions = new ArrayList<String>(List.of("1 = 1"));
    if (filter.recipient() != null) {
      conditions.add("recipient_id = " + value(values, filter.recipient().value()));
    }
    if (filter.sender() != null) {
      conditions.add("sender_id = " + value(values, filter.sender().value()));
    }
    // With a recipient, the order of the index on theirs; otherwise ids ascend with time.
    String order = filter.recipient() == null ? "id DESC" : "created_ms DESC, id DESC";
    String newest =
        " FROM (SELECT id, sender_id, recipient_id, title, content, metadata, kind, code, messages,"
            + " created_ms, is_read FROM notification WHERE "
            + String.join(" AND ", conditions)
            + " ORDER BY "
            + order
            + " LIMIT "
            + value(values, (long) lookedThroughMax)
            + ") AS newest";
    if (filter.titlePart() != null) {
      String position = reader.dialect() == Dialect.POSTGRES ? "strpos" : "instr";
      newest +=
          " WHERE "
              + position
              + "(LOWER(title), LOWER(CAST("
              + value(values, filter.titlePart())
              + " AS TEXT))) > 0";
    }
    long total =
        reader.read("SELECT COUNT(*) AS total" + newest, values.toArray()).row(0).number("total");
    String range =
        " ORDER BY "
            + order
            + " LIMIT "
            + value(values, (long) page.size())
            + " OFFSET "
            + value(values, page.offset());
    List<Notification> found =
        total <= page.offset()
            ? List.of()
            : reader
                .read("SELECT *, '' AS sender_name" + newest + range, values.toArray())
                .all(NotificationStore::notification);
    return new Page<>(found, page.number(), page.size(), total);
  }

  /** False if there is none. */
  boolean delete(Transaction tx, NotificationId id) {
    return !tx.run(DELETE, id.value()).isEmpty();
  }

  private static String value(List<@Nullable Object> values, Object value) {
    values.add(value);
    return "$" + values.size();
  }
}
