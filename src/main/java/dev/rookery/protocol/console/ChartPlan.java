package dev.rookery.protocol.console;

import java.util.List;

/**
 * What a chart shows.
 *
 * @param id unique on its page
 * @param columns the keys of its columns, of one unit
 * @param perNode whether each node has a line of its own, which only a single column can have;
 *     otherwise the nodes are added up, or the largest of them is shown
 */
record ChartPlan(String id, String title, List<String> columns, boolean perNode) {
  static ChartPlan of(String id, String title, String... columns) {
    return new ChartPlan(id, title, List.of(columns), false);
  }

  static ChartPlan perNode(String id, String title, String column) {
    return new ChartPlan(id, title, List.of(column), true);
  }
}
