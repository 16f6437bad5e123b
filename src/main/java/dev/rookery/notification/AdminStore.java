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
  private final int titlesSearchedMax;

  /**
   * @param lookedThroughMax how many of the newest a list is made of
   * @param titlesSearchedMax among how many of the newest a title is looked for
   */
  AdminStore(int lookedThroughMax, int titlesSearchedMax) {
    this.lookedThroughMax = lookedThroughMax;
    this.titlesSearchedMax = titlesSearchedMax;
  }

  Page<Notification> list(Reader reader, Filter filter, Page.Request page) {
    var values = new ArrayList<@Nullable Object>();
    // With a recipient, the order of the index on theirs; otherwise ids ascend with time.
    String order = filter.recipient() == null ? "id DESC" : "created_ms DESC, id DESC";
    String newest =
        newest(
                conditions(filter, values),
                order,
                filter.titlePart() == null ? lookedThroughMax : titlesSearchedMax,
                values)
            + titled(reader, filter, values);
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
        total <= page.offset() ? List.of() : read(reader, newest + range, values);
    return new Page<>(found, page.number(), page.size(), total);
  }

  /** Of a title, looks through the newest as {@link #list}; otherwise through all. */
  List<Notification> after(Reader reader, Filter filter, @Nullable NotificationId after, int max) {
    var values = new ArrayList<@Nullable Object>();
    List<String> conditions = conditions(filter, values);
    boolean titled = filter.titlePart() != null;
    String before = "";
    if (after != null) {
      before = "id < " + value(values, after.value());
      if (!titled) {
        conditions.add(before);
      }
    }
    String newest = newest(conditions, "id DESC", titled ? titlesSearchedMax : max, values);
    String range =
        titled(reader, filter, values)
            + (titled && after != null ? " AND " + before : "")
            + " ORDER BY id DESC LIMIT "
            + value(values, (long) max);
    return read(reader, newest + range, values);
  }

  private static List<String> conditions(Filter filter, List<@Nullable Object> values) {
    var conditions = new ArrayList<String>(List.of("1 = 1"));
    if (filter.recipient() != null) {
      conditions.add("recipient_id = " + value(values, filter.recipient().value()));
    }
    if (filter.sender() != null) {
      conditions.add("sender_id = " + value(values, filter.sender().value()));
    }
    return conditions;
  }

  private static String newest(
      List<String> conditions, String order, int max, List<@Nullable Object> values) {
    return " FROM (SELECT id, sender_id, recipient_id, title, content, metadata, kind, code,"
        + " messages, created_ms, is_read FROM notification WHERE "
        + String.join(" AND ", conditions)
        + " ORDER BY "
        + order
        + " LIMIT "
        + value(values, (long) max)
        + ") AS newest";
  }

  private static String titled(Reader reader, Filter filter, List<@Nullable Object> values) {
    if (filter.titlePart() == null) {
      return "";
    }
    String position = reader.dialect() == Dialect.POSTGRES ? "strpos" : "instr";
    return " WHERE "
        + position
        + "(LOWER(title), LOWER(CAST("
        + value(values, filter.titlePart())
        + " AS TEXT))) > 0";
  }

  private static List<Notification> read(
      Reader reader, String found, List<@Nullable Object> values) {
    return reader
        .read("SELECT *, '' AS sender_name" + found, values.toArray())
        .all(NotificationStore::notification);
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
