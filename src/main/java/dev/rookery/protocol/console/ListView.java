package dev.rookery.protocol.console;

import java.util.List;

/**
 * A table as a page shows it.
 *
 * @param id of the part of the page that it is in
 * @param selectable whether rows have a box for bulk actions
 */
record ListView(
    String id, String caption, List<Column> columns, List<Row> rows, boolean selectable) {
  /**
   * A column.
   *
   * @param priority from 1, always shown, to 4, hidden on phones
   * @param href sorts the list by the column; empty if it cannot be sorted by it
   * @param order {@code ascending}, {@code descending}, {@code none}, or empty if not sortable
   */
  record Column(String label, int priority, String href, String order) {
    private static final int PRIORITY_MAX = 4;

    static Column of(String label, int priority) {
      return new Column(label, priority, "", "");
    }

    /** Whether phones show the column differently from the others; cells then carry its class. */
    public boolean isEdge() {
      return priority == 1 || priority == PRIORITY_MAX;
    }
  }

  /**
   * A row.
   *
   * @param id unique in the table
   * @param label the name of the thing, for labels of its controls
   */
  record Row(String id, String label, List<Cell> cells, List<Action> actions) {
    Row(String id, String label, List<Cell> cells) {
      this(id, label, cells, List.of());
    }
  }

  /**
   * An action as a button.
   *
   * @param path of the action's route
   * @param level of the confirmation, 0 to 3
   */
  record Action(String label, String path, int level) {}

  public boolean hasActions() {
    return rows.stream().anyMatch(row -> !row.actions().isEmpty());
  }
}
