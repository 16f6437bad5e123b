package dev.rookery.group;

import dev.rookery.base.ComparedText;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.group.GroupQuery.Filter;
import dev.rookery.group.GroupQuery.Order;
import dev.rookery.store.Dialect;
import dev.rookery.store.MetadataFilter;
import dev.rookery.store.Reader;
import dev.rookery.store.Rows;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The lists of groups. The ids of a page are found in the index of its order, and only then its
 * rows are read.
 *
 * <p>A list of all groups, or of those of a type, is complete. Other filters look through at most
 * {@value #LOOKED_THROUGH_MAX} groups, and count only those: of a title's beginning those that the
 * index of titles gives first, of a capacity the smallest, of metadata the first of the list. So no
 * filter reads the rows of all groups.
 */
final class GroupListStore {
  static final int LOOKED_THROUGH_MAX = 2_500;

  private static final String LAST_CHARACTER = Character.toString(Character.MAX_CODE_POINT);
  private static final String CAPACITY = "members_max";
  private static final String TITLE = "title_key";

  private static final String OF_PLAYER =
      """
      FROM player_group WHERE closed_ms IS NULL AND id IN (
        SELECT group_id FROM group_membership WHERE player_id = $1 AND role <= 2)
      """;

  private final Order order;
  // In the order in which their values are in the text: those that the rows looked through are
  // selected by, and those that are applied to them.
  private final List<String> selecting = new ArrayList<>();
  private final List<String> applied = new ArrayList<>();
  private final Set<String> columns = new LinkedHashSet<>(Set.of("id"));
  private final List<@Nullable Object> values = new ArrayList<>();
  private String source = "player_group";
  private boolean complete = true;
  private String lookedThroughBy;

  private GroupListStore(Order order) {
    this.order = order;
    this.lookedThroughBy = columns(order);
    selecting.add("closed_ms IS NULL");
  }

  static Page<Group> visible(Reader reader, Filter filter, Page.Request page) {
    if (filter.type() == GroupType.HIDDEN) {
      return new Page<>(List.of(), page.number(), page.size(), 0);
    }
    var list = new GroupListStore(filter.order());
    list.selecting.add("type <> 'hidden'");
    list.add(filter, reader.dialect());
    if (reader.dialect() == Dialect.SQLITE && isById(filter.order()) && filter.type() == null) {
      list.readIndex();
    }
    if (!filter.selectsByType()) {
      return list.page(reader, page);
    }
    long total =
        filter.type() == null
            ? GroupTotalStore.visible(reader)
            : GroupTotalStore.all(reader, filter.type());
    return list.page(reader, page, total);
  }

  static Page<Group> all(Reader reader, Filter filter, Page.Request page) {
    var list = new GroupListStore(filter.order());
    list.add(filter, reader.dialect());
    return filter.selectsByType()
        ? list.page(reader, page, GroupTotalStore.all(reader, filter.type()))
        : list.page(reader, page);
  }

  static List<Group> after(Reader reader, GroupQuery.ListAfter asked) {
    var list = new GroupListStore(asked.filter().order());
    list.add(asked.filter(), reader.dialect());
    Group after = asked.after();
    if (after != null) {
      (list.complete ? list.selecting : list.applied).add(list.follows(after));
    }
    list.orderColumn().ifPresent(list.columns::add);
    return reader
        .read(
            "SELECT "
                + GroupStore.COLUMNS
                + " FROM player_group WHERE id IN (SELECT id"
                + list.matching()
                + " ORDER BY "
                + columns(list.order)
                + " LIMIT "
                + list.value((long) asked.max())
                + ") ORDER BY "
                + columns(list.order),
            list.values.toArray())
        .all(GroupStore::group);
  }

  /** That a group comes after another one in the order of the list. */
  private String follows(Group after) {
    Object by =
        switch (order) {
          case NEWEST, OLDEST -> null;
          case UPDATED_LAST, UPDATED_FIRST -> after.updatedMs();
          case TITLE, TITLE_DESCENDING -> ComparedText.searchKey(after.title());
          case LARGEST, SMALLEST -> after.membersMax();
        };
    String sign =
        switch (order) {
          case NEWEST, UPDATED_LAST, TITLE_DESCENDING, LARGEST -> " < ";
          case OLDEST, UPDATED_FIRST, TITLE, SMALLEST -> " > ";
        };
    return by == null
        ? "id" + sign + value(after.id().value())
        : "("
            + orderColumn().orElseThrow()
            + ", id)"
            + sign
            + "("
            + value(by)
            + ", "
            + value(after.id().value())
            + ")";
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
    complete = filter.selectsByType();
    String prefix = filter.titlePrefix();
    boolean hasPrefix = prefix != null && !prefix.isBlank();
    if (hasPrefix) {
      addPrefix(Objects.requireNonNull(prefix).strip());
    }
    boolean hasBounds = filter.membersMaxAtLeast() != null || filter.membersMaxAtMost() != null;
    if (hasBounds) {
      addCapacity(filter, hasPrefix);
    }
    GroupType type = filter.type();
    if (type != null) {
      // The indexes of types have each order, but not the range of a title or a capacity.
      boolean selects = complete || (!hasPrefix && !hasBounds);
      (selects ? selecting : applied).add("type = '" + GroupRules.text(type) + "'");
      columns.add("type");
    }
    String key = filter.metadataKey();
    if (key != null && !key.isEmpty()) {
      String text = filter.metadataValue();
      String keyPlaceholder = value(key);
      applied.add(
          MetadataFilter.condition(
              dialect, keyPlaceholder, text == null || text.isEmpty() ? null : value(text)));
      columns.add("metadata");
    }
  }

  private void addPrefix(String prefix) {
    // Compared as text, so that % and _ mean themselves.
    String start = ComparedText.searchKey(prefix);
    String length = "CAST(" + value(start.codePointCount(0, start.length())) + " AS INTEGER)";
    String given = value(start);
    selecting.add("substr(title_key, 1, " + length + ") = " + given);
    // Redundant, and a range of the index.
    selecting.add("title_key >= " + given);
    selecting.add("title_key <= " + value(start + LAST_CHARACTER));
    lookedThroughBy = columns(Order.TITLE);
  }

  private void addCapacity(Filter filter, boolean hasPrefix) {
    List<String> conditions = hasPrefix ? applied : selecting;
    if (filter.membersMaxAtLeast() != null) {
      conditions.add("members_max >= " + value(filter.membersMaxAtLeast()));
    }
    if (filter.membersMaxAtMost() != null) {
      conditions.add("members_max <= " + value(filter.membersMaxAtMost()));
    }
    columns.add(CAPACITY);
    if (!hasPrefix) {
      lookedThroughBy = columns(Order.SMALLEST);
    }
  }

  /**
   * Makes SQLite find the ids in the index of visible groups: it prefers the table, which is in the
   * same order, and reads each row of the pages before.
   */
  private void readIndex() {
    if (lookedThroughBy.equals(columns(order))) {
      source = "player_group INDEXED BY player_group_visible";
    }
  }

  private String matching() {
    String selected = " FROM " + source + " WHERE " + String.join(" AND ", selecting);
    if (complete) {
      return selected;
    }
    return " FROM (SELECT "
        + String.join(", ", columns)
        + selected
        + " ORDER BY "
        + lookedThroughBy
        + " LIMIT "
        + LOOKED_THROUGH_MAX
        + ") AS looked_through"
        + (applied.isEmpty() ? "" : " WHERE " + String.join(" AND ", applied));
  }

  /**
   * @param filters how many values the filters have
   */
  private long count(Reader reader, int filters) {
    return reader
        .read("SELECT COUNT(*) AS total" + matching(), values.subList(0, filters).toArray())
        .row(0)
        .number("total");
  }

  /** A page whose total is counted by the statement that finds it. */
  private Page<Group> page(Reader reader, Page.Request page) {
    int filters = values.size();
    String selected = ids("id AS matching_id, COUNT(*) OVER () AS total", page);
    // CROSS JOIN keeps SQLite from reading all groups in their order first.
    Rows rows =
        reader.read(
            "SELECT "
                + GroupStore.COLUMNS
                + ", total FROM ("
                + selected
                + ") AS matching CROSS JOIN player_group WHERE player_group.id = matching_id"
                + " ORDER BY "
                + columns(order),
            values.toArray());
    // A page behind the last one has no row to show the total.
    long total =
        rows.first(row -> row.number("total"))
            .orElseGet(() -> page.offset() == 0 ? 0 : count(reader, filters));
    return new Page<>(rows.all(GroupStore::group), page.number(), page.size(), total);
  }

  private Page<Group> page(Reader reader, Page.Request page, long total) {
    if (total <= page.offset()) {
      return new Page<>(List.of(), page.number(), page.size(), total);
    }
    List<Group> items =
        reader
            .read(
                "SELECT "
                    + GroupStore.COLUMNS
                    + " FROM player_group WHERE id IN ("
                    + ids("id", page)
                    + ") ORDER BY "
                    + columns(order),
                values.toArray())
            .all(GroupStore::group);
    return new Page<>(items, page.number(), page.size(), total);
  }

  private String ids(String selected, Page.Request page) {
    orderColumn().ifPresent(columns::add);
    return "SELECT "
        + selected
        + matching()
        + " ORDER BY "
        + columns(order)
        + " LIMIT "
        + value((long) page.size())
        + " OFFSET "
        + value(page.offset());
  }

  private Optional<String> orderColumn() {
    return switch (order) {
      case NEWEST, OLDEST -> Optional.empty();
      case UPDATED_LAST, UPDATED_FIRST -> Optional.of("updated_ms");
      case TITLE, TITLE_DESCENDING -> Optional.of(TITLE);
      case LARGEST, SMALLEST -> Optional.of(CAPACITY);
    };
  }

  private static boolean isById(Order order) {
    return order == Order.NEWEST || order == Order.OLDEST;
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
