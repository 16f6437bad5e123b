package dev.rookery.group;

import dev.rookery.base.ComparedText;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.group.GroupQuery.Filter;
import dev.rookery.group.GroupQuery.Order;
import dev.rookery.store.Dialect;
import dev.rookery.store.MetadataFilter;
import dev.rookery.store.Reader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The lists of groups. Every filter is part of the statement, so totals hold. The ids of a page are
 * found in the index of its order, and only then its rows are read.
 */
final class GroupListStore {
  private static final String LAST_CHARACTER = Character.toString(Character.MAX_CODE_POINT);

  private static final String OF_PLAYER =
      """
      FROM player_group WHERE closed_ms IS NULL AND id IN (
        SELECT group_id FROM group_membership WHERE player_id = $1 AND role <= 2)
      """;

  private final List<String> conditions = new ArrayList<>();
  private final List<@Nullable Object> values = new ArrayList<>();

  private GroupListStore() {
    conditions.add("closed_ms IS NULL");
  }

  static Page<Group> visible(Reader reader, Filter filter, Page.Request page) {
    if (filter.type() == GroupType.HIDDEN) {
      return new Page<>(List.of(), page.number(), page.size(), 0);
    }
    var where = new GroupListStore();
    where.conditions.add("type <> 'hidden'");
    where.add(filter, reader.dialect());
    long total =
        !filter.selectsByType()
            ? where.count(reader)
            : filter.type() == null
                ? GroupTotalStore.visible(reader)
                : GroupTotalStore.all(reader, filter.type());
    return where.page(reader, filter.order(), page, total);
  }

  static Page<Group> all(Reader reader, Filter filter, Page.Request page) {
    var where = new GroupListStore();
    where.add(filter, reader.dialect());
    long total =
        filter.selectsByType() ? GroupTotalStore.all(reader, filter.type()) : where.count(reader);
    return where.page(reader, filter.order(), page, total);
  }

  /** Few: a player is a member of a limited number of groups. */
  static Page<Group> ofPlayer(Reader reader, PlayerId player, Page.Request page) {
    long total =
        reader.read("SELECT COUNT(*) AS total " + OF_PLAYER, player.value()).row(0).number("total");
    List<Group> items =
        total <= page.offset()
            ? List.of()
            : reader
                .read(
                    "SELECT "
                        + GroupStore.COLUMNS
                        + OF_PLAYER
                        + " ORDER BY title_key, id LIMIT $2 OFFSET $3",
                    player.value(),
                    (long) page.size(),
                    page.offset())
                .all(GroupStore::group);
    return new Page<>(items, page.number(), page.size(), total);
  }

  private void add(Filter filter, Dialect dialect) {
    String prefix = filter.titlePrefix();
    if (prefix != null && !prefix.isBlank()) {
      // Compared as text, so that % and _ mean themselves.
      String start = ComparedText.searchKey(prefix.strip());
      String length = "CAST(" + value(start.codePointCount(0, start.length())) + " AS INTEGER)";
      String given = value(start);
      conditions.add("substr(title_key, 1, " + length + ") = " + given);
      // Redundant, and a range of the index.
      conditions.add("title_key >= " + given);
      conditions.add("title_key <= " + value(start + LAST_CHARACTER));
    }
    GroupType type = filter.type();
    if (type != null) {
      conditions.add("type = '" + GroupRules.text(type) + "'");
    }
    if (filter.membersMaxAtLeast() != null) {
      conditions.add("members_max >= " + value(filter.membersMaxAtLeast()));
    }
    if (filter.membersMaxAtMost() != null) {
      conditions.add("members_max <= " + value(filter.membersMaxAtMost()));
    }
    String key = filter.metadataKey();
    if (key != null && !key.isEmpty()) {
      String text = filter.metadataValue();
      String keyPlaceholder = value(key);
      conditions.add(
          MetadataFilter.condition(
              dialect, keyPlaceholder, text == null || text.isEmpty() ? null : value(text)));
    }
  }

  private String where() {
    return " FROM player_group WHERE " + String.join(" AND ", conditions);
  }

  private long count(Reader reader) {
    return reader
        .read("SELECT COUNT(*) AS total" + where(), values.toArray())
        .row(0)
        .number("total");
  }

  private Page<Group> page(Reader reader, Order order, Page.Request page, long total) {
    String where = where();
    if (total <= page.offset()) {
      return new Page<>(List.of(), page.number(), page.size(), total);
    }
    String by = " ORDER BY " + columns(order);
    String ids =
        "SELECT id"
            + where
            + by
            + " LIMIT "
            + value((long) page.size())
            + " OFFSET "
            + value(page.offset());
    List<Group> items =
        reader
            .read(
                "SELECT "
                    + GroupStore.COLUMNS
                    + " FROM player_group WHERE id IN ("
                    + ids
                    + ")"
                    + by,
                values.toArray())
            .all(GroupStore::group);
    return new Page<>(items, page.number(), page.size(), total);
  }

  private static String columns(Order order) {
    return switch (order) {
      case NEWEST -> "id DESC";
      case OLDEST -> "id";
      case UPDATED_LAST -> "updated_ms DESC, id DESC";
      case UPDATED_FIRST -> "updated_ms, id";
      case TITLE -> "title_key, id";
      case TITLE_DESCENDING -> "title_key DESC, id DESC";
      case LARGEST -> "members_max DESC, id DESC";
      case SMALLEST -> "members_max, id";
    };
  }

  /** Adds a value to the statement, and gives its placeholder. */
  private String value(Object value) {
    values.add(value);
    return "$" + values.size();
  }
}
