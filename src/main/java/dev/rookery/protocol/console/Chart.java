package dev.rookery.protocol.console;

import java.util.List;

/**
 * A chart as its template draws it: SVG with attributes alone, in a box of {@value #WIDTH} by
 * {@value #HEIGHT} units, with the same values as a sentence and as a table.
 *
 * @param id unique on its page
 * @param now the latest value, with its unit
 * @param sentence what the chart shows, for those who do not see it
 * @param top the value at the upper edge, with its unit
 * @param half the value at half of the height
 * @param lines at most four
 * @param gaps where there are no values
 * @param marks what happened, such as a restart
 * @param start the time at the left edge
 * @param end the time at the right edge
 * @param labels the times of the points, for the reader of single points
 */
record Chart(
    String id,
    String title,
    String now,
    String sentence,
    String top,
    String half,
    List<Series> lines,
    List<Gap> gaps,
    List<Mark> marks,
    String start,
    String end,
    String labels,
    List<Row> rows) {
  static final int WIDTH = 600;
  static final int HEIGHT = 160;

  /**
   * A line of a chart.
   *
   * @param path the line, as the attribute {@code d}
   * @param area what is below the line; empty for all but the first
   * @param values the texts of the points, separated by semicolons
   */
  record Series(String label, String path, String area, String now, String values) {}

  /** A stretch without values. */
  record Gap(String x, String width) {}

  /** A moment on the axis. */
  record Mark(String x, String text) {}

  /** A row of the table of values: a time, and the value of each line. */
  record Row(String time, List<String> values) {}
}
